import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { pipelineWithOutputs } from './pipeline-with-outputs';
import { JobApi } from '../../../src';

export function deploy(app: App): void {
  const stack = new Stack(app, 'WithJobApi');
  const api = new JobApi(stack, 'JobApi', { pipeline: pipelineWithOutputs(stack) });
  new CfnOutput(stack, 'JobApiId', { value: api.api.restApiId });
}
