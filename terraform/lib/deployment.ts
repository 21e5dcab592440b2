import { DataAwsCallerIdentity } from '@cdktn/provider-aws/lib/data-aws-caller-identity';
import { DataAwsPartition } from '@cdktn/provider-aws/lib/data-aws-partition';
import { AwsProvider } from '@cdktn/provider-aws/lib/provider';
import { CfnParameter, Environment, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ITopic, Subscription, SubscriptionProtocol } from 'aws-cdk-lib/aws-sns';
import { S3Backend, S3BackendConfig, TerraformOutput, TerraformStack, TerraformVariable } from 'cdktn';
import { Expression, render, Text } from './expressions';
import { checkSettings, Settings } from './settings';

/** What stands for `AWS::Region` and the like. */
export type PseudoParameters = Readonly<Record<string, Text>>;

/** What a stack is deployed as, and how much of that is known when it is synthesized. */
export abstract class Deployment {
  /** One account and region, and a backend, that the settings name. */
  static fixed(settings: Settings): Deployment {
    return new FixedDeployment(checkSettings(settings));
  }

  /**
   * Region and e-mail address are variables, the account is that of the credentials, and the backend is given to
   * `terraform init`.
   */
  static open(release: Release): Deployment {
    return new OpenDeployment(release);
  }

  /** Of the CDK's stack; undefined: any. */
  abstract readonly env?: Environment;
  abstract readonly environmentSuffix: string;
  abstract readonly removalPolicy?: RemovalPolicy;
  /** As far as they are known. */
  abstract readonly failureEmails: string[];

  /**
   * Tells a topic the addresses that are not known.
   *
   * @returns the Terraform variable that takes the place of each parameter of CloudFormation
   */
  abstract subscribeVariables(stack: Stack, topic: ITopic): Record<string, string>;

  /** Adds provider, backend and variables. */
  abstract configure(stack: TerraformStack): PseudoParameters;

  /** What two stacks of one app must not share: the message, if they do. */
  conflictWith(other: Deployment): string | undefined {
    if (this.environmentSuffix !== other.environmentSuffix || !mayMeet(this.env, other.env)) return undefined;
    return `environmentSuffix must differ between stacks of one account and region, because it ends all names, got ${JSON.stringify(this.environmentSuffix)}`;
  }
}

/** Whether two may be one account and region; what is not known may be any. */
function mayMeet(one: Environment | undefined, other: Environment | undefined): boolean {
  return one === undefined || other === undefined || (one.account === other.account && one.region === other.region);
}

class FixedDeployment extends Deployment {
  readonly env: Environment;
  readonly environmentSuffix: string;
  readonly removalPolicy?: RemovalPolicy;
  readonly failureEmails: string[];

  constructor(private readonly settings: Settings) {
    super();
    const { accountId, region, environmentSuffix, removalPolicy, failureEmails } = settings;
    this.env = { account: accountId, region };
    this.environmentSuffix = environmentSuffix;
    this.removalPolicy = removalPolicy === 'destroy' ? RemovalPolicy.DESTROY : undefined;
    this.failureEmails = failureEmails;
  }

  subscribeVariables(): Record<string, string> {
    return {};
  }

  configure(stack: TerraformStack): PseudoParameters {
    const { region, accountId, backend } = this.settings;
    new AwsProvider(stack, 'aws', { region, allowedAccountIds: [accountId] });
    new S3Backend(stack, { ...backend, encrypt: true });
    return { 'AWS::Region': [region], 'AWS::AccountId': [accountId], 'AWS::Partition': partitionOf(stack) };
  }

  conflictWith(other: Deployment): string | undefined {
    const names = super.conflictWith(other);
    if (names !== undefined || !(other instanceof FixedDeployment)) return names;
    const [{ bucket, key }, theirs] = [this.settings.backend, other.settings.backend];
    if (bucket !== theirs.bucket || key !== theirs.key) return undefined;
    return `backend.key must differ between stacks whose states lie in one bucket, got ${JSON.stringify(key)}`;
  }
}

/** What is shipped for somebody who has nothing of the CDK. */
export interface Release {
  readonly version: string;
  /** It ends all names; a variable could not, because names are checked when they are made. */
  readonly environmentSuffix: string;
}

class OpenDeployment extends Deployment {
  readonly env = undefined;
  readonly environmentSuffix: string;
  readonly removalPolicy = undefined;
  readonly failureEmails = [];

  constructor(private readonly release: Release) {
    super();
    this.environmentSuffix = release.environmentSuffix;
  }

  subscribeVariables(stack: Stack, topic: ITopic): Record<string, string> {
    const email = new CfnParameter(stack, 'FailureEmail');
    new Subscription(stack, 'FailureEmailSubscription', { topic, protocol: SubscriptionProtocol.EMAIL, endpoint: email.valueAsString });
    return { [stack.resolve(email.logicalId)]: 'failure_email' };
  }

  configure(stack: TerraformStack): PseudoParameters {
    new TerraformVariable(stack, 'region', {
      type: 'string',
      description: 'The region to deploy to, such as us-east-1',
      validation: [{ condition: '${can(regex("^[a-z]{2,}(-[a-z]+)+-[0-9]+$", var.region))}', errorMessage: 'The region must be one of AWS, such as us-east-1.' }],
    });
    new TerraformVariable(stack, 'failure_email', {
      type: 'string',
      description: 'Gets an e-mail for each job that failed, and for each alarm',
      validation: [{
        condition: '${can(regex("^[^[:space:]@/]+@[^[:space:]@/]+$", var.failure_email))}',
        errorMessage: 'failure_email must be an e-mail address, such as data-team@example.com.',
      }],
    });
    const region = new Expression('var.region');
    new AwsProvider(stack, 'aws', { region: render([region]) });
    new S3Backend(stack, { encrypt: true } as S3BackendConfig);
    new DataAwsCallerIdentity(stack, 'caller');
    new TerraformOutput(stack, 'version', { value: this.release.version });
    const accountId = new Expression('data.aws_caller_identity.caller.account_id');
    return { 'AWS::Region': [region], 'AWS::AccountId': [accountId], 'AWS::Partition': partitionOf(stack) };
  }
}

function partitionOf(stack: TerraformStack): Text {
  new DataAwsPartition(stack, 'partition');
  return [new Expression('data.aws_partition.partition.partition')];
}
