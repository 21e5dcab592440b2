import { App } from 'aws-cdk-lib';
import { TapStack } from './tap-stack';
import { twoRegions } from './two-regions';

/** The environments with a standby. It is written here, because a deployment that forgot it would take the standby's table away. */
const STANDBY_REGIONS: { readonly [environment: string]: string } = { prod: 'eu-west-1' };

const app = new App();
// An empty variable is none: build servers export those.
const environmentSuffix: string = app.node.tryGetContext('environmentSuffix') || process.env.ENVIRONMENT_SUFFIX || 'dev';
const standbyRegion = STANDBY_REGIONS[environmentSuffix];

if (standbyRegion !== undefined) {
  const account = process.env.CDK_DEFAULT_ACCOUNT;
  if (!account) throw new Error('CDK_DEFAULT_ACCOUNT must be the account of both regions (the CDK CLI sets it by your credentials), got none');
  // Said once, before the primary is there. Left out, which is what is repeated, the way back stays.
  const isFirstDeployment = app.node.tryGetContext('firstDeployment') === 'true';
  twoRegions(app, { environmentSuffix, account, standbyRegion, isFirstDeployment });
} else {
  new TapStack(app, `TapStack-${environmentSuffix}`, { environmentSuffix });
}
