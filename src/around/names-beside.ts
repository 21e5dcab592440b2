import { IConstruct } from 'constructs';
import { ICsvChunkPipeline } from '../i-csv-chunk-pipeline';
import { Naming } from '../synth/bundled-function';

/**
 * Names by the pipeline's rule for what a construct beside it makes: another construct that would make the same ones is refused.
 *
 * @param maker whose path an error names
 */
export function namesBeside(maker: IConstruct, pipeline: ICsvChunkPipeline): Naming {
  return { resourceName: (resourceType, part) => pipeline._nameFor(maker, resourceType, part) };
}
