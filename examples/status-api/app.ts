import { App } from 'aws-cdk-lib';
import { StatusApiStack } from './status-api-stack';

const app = new App();
// An empty variable is none: build servers export those.
const environmentSuffix = app.node.tryGetContext('environmentSuffix') || process.env.ENVIRONMENT_SUFFIX || 'dev';
const email = app.node.tryGetContext('email') as string | undefined;

new StatusApiStack(app, `StatusApi-${environmentSuffix}`, { environmentSuffix, emails: email ? [email] : [] });
