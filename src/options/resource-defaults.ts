import { RemovalPolicy } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';

/** The settings of a pipeline that what stands around it takes over. */
export interface ResourceDefaults {
  /** The functions' runtime. */
  readonly runtime: lambda.Runtime;

  /** How long logs are kept. */
  readonly logRetention: logs.RetentionDays;

  /** What becomes of resources that hold data when they are removed. */
  readonly removalPolicy: RemovalPolicy;

  /**
   * Encrypts what the pipeline makes.
   *
   * @default - keys that the services manage
   */
  readonly encryptionKey?: kms.IKey;

  /** Tags of every resource. */
  readonly tags: { [key: string]: string };
}
