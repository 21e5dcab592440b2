import { Duration } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ResourceNames } from './names';
import { RegionPlan } from './region-plan';
import { Settings } from './settings';
import { CONTRACT_FILE_NAME, JobContract } from '../contract/job-contract';
import { BundledFunction, BundledFunctionProps } from '../synth/bundled-function';
import { CodeFiles, jsonFile } from '../synth/handler-code';

/** What all functions of a pipeline share. */
export interface FunctionDefaults {
  readonly contract: JobContract;
  readonly settings: Settings;
  readonly names: ResourceNames;
  readonly deadLetterQueue: sqs.IQueue;
  readonly regions: RegionPlan;
}

export interface PipelineFunctionProps extends FunctionDefaults, Pick<BundledFunctionProps, 'stem' | 'description' | 'environment'> {
  /** Files beside the handler's code and the contract. Default none. */
  readonly codeFiles?: CodeFiles;
}

/** A step's function. */
export class PipelineFunction extends BundledFunction {
  /**
   * What the workflow invokes: an execution that runs while a deployment comes in goes on with the code it began with.
   */
  readonly version: lambda.Version;
  /** How long one run may take. */
  readonly timeout: Duration;

  constructor(scope: Construct, id: string, props: PipelineFunctionProps) {
    const { runtime, logRetention, removalPolicy, steps } = props.settings;
    const { memorySize, timeout } = steps[props.stem] ?? props.settings;
    super(scope, id, {
      stem: props.stem,
      description: props.description,
      environment: { ...props.environment, ...props.regions.environment },
      codeFiles: { [CONTRACT_FILE_NAME]: jsonFile(props.contract), ...props.codeFiles },
      deadLetterQueue: props.deadLetterQueue,
      memorySize,
      timeout,
      runtime,
      logRetention,
      removalPolicy,
      naming: props.names,
    });
    this.timeout = timeout;
    this.version = this.function.currentVersion;
  }
}
