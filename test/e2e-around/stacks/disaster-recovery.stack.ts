import { App, Stack } from 'aws-cdk-lib';
import { pipelineWithOutputs } from './pipeline-with-outputs';
import { ACCOUNT, REGION } from '../../../emulator/emulator';
import { DisasterRecovery } from '../../../src';

/** The primary of two regions. The emulator replicates nothing: a test does what the standby would. */
export function deploy(app: App): void {
  pipelineWithOutputs(new Stack(app, 'Recovery', { env: { account: ACCOUNT, region: REGION } }), {
    environmentSuffix: 'recovery', disasterRecovery: DisasterRecovery.primary({ standbyRegion: 'eu-west-1' }),
  });
}
