import * as fs from 'fs';
import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { DISABLE_ASSET_STAGING_CONTEXT } from 'aws-cdk-lib/cx-api';
import { Construct } from 'constructs';
import { CodeFiles, stageHandler } from './handler-code';

/** Names resources by one rule; undefined: CloudFormation generates the name. */
export interface Naming {
  /** @param resourceType `role`, `function` … @param part what the resource is for */
  resourceName(resourceType: string, part: string): string | undefined;
}

export interface BundledFunctionProps {
  /** The step's name, `src/handlers/<stem>.handler.ts`. */
  readonly stem: string;
  readonly description: string;
  readonly environment: { [name: string]: string };
  /** Files beside the handler's code. */
  readonly codeFiles: CodeFiles;
  /**
   * Takes the events that an asynchronous call failed on, thrice. A call that waits for its answer, as those of a
   * state machine do, tells its caller instead, and never uses it.
   */
  readonly deadLetterQueue: sqs.IQueue;
  readonly memorySize: Size;
  readonly timeout: Duration;
  readonly runtime: lambda.Runtime;
  readonly logRetention: logs.RetentionDays;
  readonly removalPolicy: RemovalPolicy;
  readonly naming: Naming;
}

/** A function whose code comes with the library, with a role and a log group of its own. */
export class BundledFunction extends Construct implements iam.IGrantable {
  readonly role: iam.IRole;
  readonly grantPrincipal: iam.IPrincipal;
  readonly function: lambda.Function;

  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
    super(scope, id);
    const { stem, naming } = props;

    this.role = new iam.Role(this, 'Role', {
      roleName: naming.resourceName('role', stem),
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    });
    const logGroup = new logs.LogGroup(this, 'Logs', {
      logGroupName: naming.resourceName('log-group', stem),
      retention: props.logRetention,
      removalPolicy: props.removalPolicy,
    });
    logGroup.grantWrite(this.role);

    const code = stageHandler(stem, props.codeFiles);
    this.function = new lambda.Function(this, 'Function', {
      functionName: naming.resourceName('function', stem),
      description: props.description,
      runtime: props.runtime,
      handler: 'index.handler',
      code: lambda.Code.fromAsset(code.directory, { assetHash: code.hash }),
      memorySize: props.memorySize.toMebibytes(),
      timeout: props.timeout,
      environment: props.environment,
      role: this.role,
      logGroup,
      tracing: lambda.Tracing.ACTIVE,
      deadLetterQueue: props.deadLetterQueue,
      currentVersionOptions: { removalPolicy: versionPolicy(props.removalPolicy) },
    });
    // The asset has been copied into the cloud assembly by now, unless someone wants it left where it is.
    if (!this.node.tryGetContext(DISABLE_ASSET_STAGING_CONTEXT)) fs.rmSync(code.directory, { recursive: true });

    this.grantPrincipal = this.role;
  }
}

/**
 * CloudFormation would delete the version that running executions still invoke. All go with the function, so that none
 * outlives the stack. One that a failed deployment made goes when it is rolled back: it would be in the way of the next
 * one with the same code. Who wants everything destroyed has no resource that is retained, and jobs that a deployment
 * interrupts.
 */
function versionPolicy(removalPolicy: RemovalPolicy): RemovalPolicy {
  return removalPolicy === RemovalPolicy.DESTROY ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
}
