import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { pipelineWithOutputs } from './pipeline-with-outputs';
import { CsvChunkPipelineProps, JobApi } from '../../../src';

function deployApi(app: App, id: string, props: (stack: Stack) => Partial<CsvChunkPipelineProps>): void {
  const stack = new Stack(app, id);
  const { api } = new JobApi(stack, 'JobApi', { pipeline: pipelineWithOutputs(stack, props(stack)) });
  new CfnOutput(stack, 'JobApiId', { value: api.restApiId });
}

export function deploy(app: App): void {
  deployApi(app, 'WithJobApi', () => ({}));
  // A file that is started by hand is started by its version, of which the emulator reads no ranges.
  deployApi(app, 'WithJobApiUnversioned', (stack) => ({
    sourceBucket: new Bucket(stack, 'Landing', { eventBridgeEnabled: true, removalPolicy: RemovalPolicy.DESTROY }),
  }));
}
