import { Duration, Size } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { namesBeside } from './names-beside';
import { checkSameEnvironment } from './same-environment';
import { CONTRACT_FILE_NAME, PipelineIdentity } from '../contract/job-contract';
import { DEFAULT_METRICS_NAMESPACE } from '../contract/metrics';
import { ICsvChunkPipeline } from '../i-csv-chunk-pipeline';
import { BundledFunction, BundledFunctionProps } from '../synth/bundled-function';
import { CodeFiles, jsonFile } from '../synth/handler-code';

export interface AroundFunctionProps extends Pick<BundledFunctionProps, 'stem' | 'description' | 'environment'> {
  readonly pipeline: ICsvChunkPipeline;
  /** Files beside the handler's code and the pipeline's identity. Default none. */
  readonly codeFiles?: CodeFiles;
  /** Default that of the pipeline. */
  readonly deadLetterQueue?: sqs.IQueue;
  readonly memorySize: Size;
  readonly timeout: Duration;
}

/** A function that stands beside the pipeline: made, named and kept as the pipeline's own ones are. */
export class AroundFunction extends BundledFunction {
  constructor(scope: Construct, id: string, props: AroundFunctionProps) {
    const { pipeline, codeFiles, deadLetterQueue, ...own } = props;
    checkSameEnvironment(scope, pipeline);
    const { runtime, logRetention, removalPolicy } = pipeline.resourceDefaults;
    const identity: PipelineIdentity = { pipelineId: pipeline.pipelineId, metricsNamespace: DEFAULT_METRICS_NAMESPACE };
    super(scope, id, {
      ...own,
      codeFiles: { [CONTRACT_FILE_NAME]: jsonFile(identity), ...codeFiles },
      deadLetterQueue: deadLetterQueue ?? pipeline.deadLetterQueue,
      runtime,
      logRetention,
      removalPolicy,
      naming: namesBeside(scope, pipeline),
    });
  }
}
