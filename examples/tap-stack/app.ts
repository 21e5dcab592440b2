import { App } from 'aws-cdk-lib';
import { TapStack } from './tap-stack';

const app = new App();
// An empty variable is none: build servers export those.
const environmentSuffix = app.node.tryGetContext('environmentSuffix') || process.env.ENVIRONMENT_SUFFIX || 'dev';

new TapStack(app, `TapStack-${environmentSuffix}`, { environmentSuffix });
