import { App } from 'aws-cdk-lib';
import { TapStack } from './tap-stack';
import { DisasterRecovery, Intake } from '../../src';

const PRIMARY_REGION = 'us-east-1';

export interface TwoRegionsProps {
  readonly environmentSuffix: string;
  readonly account: string;
  /** Where it goes on when us-east-1 is lost. */
  readonly standbyRegion: string;
  /** S3 replicates back only to a bucket that is there: not before the primary is. */
  readonly isFirstDeployment?: boolean;
}

/** The same stack twice, under one name: the one in `us-east-1` works, the other one stands by. */
export function twoRegions(app: App, props: TwoRegionsProps): { primary: TapStack; standby: TapStack } {
  const { environmentSuffix, account, standbyRegion, isFirstDeployment = false } = props;
  const stackName = `TapStack-${environmentSuffix}`;
  const primary = new TapStack(app, stackName, {
    stackName,
    env: { account, region: PRIMARY_REGION },
    environmentSuffix,
    pipeline: { disasterRecovery: DisasterRecovery.primary({ standbyRegion }) },
  });
  const standby = new TapStack(app, `${stackName}-standby`, {
    stackName,
    env: { account, region: standbyRegion },
    environmentSuffix,
    pipeline: {
      intake: Intake.manual(),
      disasterRecovery: DisasterRecovery.standby({
        primaryRegion: PRIMARY_REGION,
        pipelineId: primary.pipeline.pipelineId,
        replicateBack: !isFirstDeployment,
      }),
    },
  });
  // Its bucket must be there before the primary replicates to it.
  primary.addDependency(standby);
  return { primary, standby };
}
