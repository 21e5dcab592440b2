import { Tags } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { ICsvChunkPipeline } from '../i-csv-chunk-pipeline';

/** What stands around a pipeline has its tags. */
export function takeOverTags(around: IConstruct, pipeline: ICsvChunkPipeline): void {
  Object.entries(pipeline.resourceDefaults.tags).forEach(([key, value]) => Tags.of(around).add(key, value));
}
