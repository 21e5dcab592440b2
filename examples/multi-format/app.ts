import { App } from 'aws-cdk-lib';
import { MultiFormatStack } from './multi-format-stack';

const app = new App();
// An empty variable is none: build servers export those.
const environmentSuffix = app.node.tryGetContext('environmentSuffix') || process.env.ENVIRONMENT_SUFFIX || 'dev';
const email = app.node.tryGetContext('email');

new MultiFormatStack(app, `MultiFormat-${environmentSuffix}`, { environmentSuffix, emails: email ? [email] : [] });
