import * as fs from 'fs';
import { RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as destinations from 'aws-cdk-lib/aws-lambda-destinations';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { DISABLE_ASSET_STAGING_CONTEXT } from 'aws-cdk-lib/cx-api';
import { Construct } from 'constructs';
import { ResourceNames } from './names';
import { Settings } from './settings';
import { JobContract } from '../contract/job-contract';
import { CodeFiles, stageHandler } from '../synth/handler-code';

/** What all functions of a pipeline share. */
export interface FunctionDefaults {
  readonly contract: JobContract;
  readonly settings: Settings;
  readonly names: ResourceNames;
}

export interface PipelineFunctionProps extends FunctionDefaults {
  /** The step's name, `src/handlers/<stem>.handler.ts`. */
  readonly stem: string;
  readonly description: string;
  readonly environment: { [name: string]: string };
  /** Files beside the handler's code. Default none. */
  readonly codeFiles?: CodeFiles;
}

/** A step's function with a role and a log group of its own. */
export class PipelineFunction extends Construct implements iam.IGrantable {
  readonly role: iam.IRole;
  readonly grantPrincipal: iam.IPrincipal;
  readonly function: lambda.Function;
  /**
   * What the workflow invokes: an execution that runs while a deployment comes in goes on with the code it began with.
   */
  readonly version: lambda.Version;

  constructor(scope: Construct, id: string, props: PipelineFunctionProps) {
    super(scope, id);
    const { settings, names, stem } = props;

    this.role = new iam.Role(this, 'Role', {
      roleName: names.role(stem),
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    });
    const logGroup = new logs.LogGroup(this, 'Logs', {
      logGroupName: names.regional('log-group', stem),
      retention: settings.logRetention,
      removalPolicy: settings.removalPolicy,
    });
    logGroup.grantWrite(this.role);

    const code = stageHandler(stem, props.contract, props.codeFiles);
    this.function = new lambda.Function(this, 'Function', {
      functionName: names.regional('function', stem),
      description: props.description,
      runtime: settings.runtime,
      handler: 'index.handler',
      code: lambda.Code.fromAsset(code.directory, { assetHash: code.hash }),
      memorySize: settings.memorySize.toMebibytes(),
      timeout: settings.timeout,
      environment: props.environment,
      role: this.role,
      logGroup,
      tracing: lambda.Tracing.ACTIVE,
      // CloudFormation would delete the version that running executions still invoke. All go with the function. One
      // that a failed deployment made goes when it is rolled back: it would be in the way of the next one with the same
      // code.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE },
    });
    // The asset has been copied into the cloud assembly by now, unless someone wants it left where it is.
    if (!this.node.tryGetContext(DISABLE_ASSET_STAGING_CONTEXT)) fs.rmSync(code.directory, { recursive: true });

    this.version = this.function.currentVersion;
    this.grantPrincipal = this.role;
  }

  /**
   * For a function that a rule invokes. The rule's own dead letters are events that never reached Lambda; these are
   * those that the function failed on, thrice.
   *
   * @param options default: tried twice more
   */
  protected keepFailedEvents(deadLetterQueue: sqs.IQueue, options: lambda.EventInvokeConfigOptions = {}): void {
    this.version.configureAsyncInvoke({ onFailure: new destinations.SqsDestination(deadLetterQueue), ...options });
  }
}
