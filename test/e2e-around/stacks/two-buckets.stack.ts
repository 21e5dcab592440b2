import { App, CfnOutput, Duration, Size, Stack } from 'aws-cdk-lib';
import { pipelineWithOutputs } from './pipeline-with-outputs';
import { OutputBucket } from '../../../src';

/** Two buckets that the pipeline makes, names by a rule of the company's own, and a step with memory of its own. */
export function deploy(app: App): void {
  const stack = new Stack(app, 'TwoBuckets');
  const pipeline = pipelineWithOutputs(stack, {
    outputBucket: OutputBucket.own(),
    resourceNaming: { resourceName: ({ resourceType, pipelineName, part }) => `acme-${pipelineName}-${resourceType}-${part}` },
    steps: { processChunk: { memorySize: Size.mebibytes(1769), timeout: Duration.minutes(5) } },
  });
  new CfnOutput(stack, 'OutputBucketName', { value: pipeline.outputBucket.bucketName });
}
