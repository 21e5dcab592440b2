import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { ICsvChunkPipeline } from '../i-csv-chunk-pipeline';
import { visibleJson } from '../spec/visible-text';

/**
 * Functions and alarms look for table, buckets, queues and metrics in the account and region that they lie in themselves.
 *
 * @param construct beside the pipeline, as its user made it
 * @throws Error that names both places
 */
export function checkSameEnvironment(construct: IConstruct, pipeline: ICsvChunkPipeline): void {
  const [own, ofPipeline] = [Stack.of(construct).environment, Stack.of(pipeline).environment];
  if (own === ofPipeline) return;
  throw new Error(`${construct.constructor.name} must lie in the account and region of the pipeline, got ${visibleJson(construct.node.path)} in ${own} `
    + `and ${visibleJson(pipeline.node.path)} in ${ofPipeline}: give both stacks the same account and region (env)`);
}
