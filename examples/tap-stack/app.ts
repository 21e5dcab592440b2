import { App } from 'aws-cdk-lib';
import { TapStack } from './tap-stack';
import { twoRegions } from './two-regions';

const app = new App();
// An empty variable is none: build servers export those.
const environmentSuffix = app.node.tryGetContext('environmentSuffix') || process.env.ENVIRONMENT_SUFFIX || 'dev';
const standbyRegion = app.node.tryGetContext('standbyRegion');

if (standbyRegion) {
  const account = process.env.CDK_DEFAULT_ACCOUNT;
  if (!account) throw new Error('CDK_DEFAULT_ACCOUNT must be the account of both regions (the CDK CLI sets it by your credentials), got none');
  twoRegions(app, { environmentSuffix, account, standbyRegion });
} else {
  new TapStack(app, `TapStack-${environmentSuffix}`, { environmentSuffix });
}
