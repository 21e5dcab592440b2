import * as kms from 'aws-cdk-lib/aws-kms';
import { checkObject, isFlag, isStructOf, isText, isWith, TypeCheck } from '../synth/prop-types';

/** The region that works until somebody switches. */
export interface DisasterRecoveryPrimaryOptions {
  /**
   * Where the standby is deployed: another region of the same account.
   */
  readonly standbyRegion: string;

  /**
   * Encrypts the job table's replica and the files that are replicated to the standby: its `encryptionKey`, a key of its
   * region. Import it by its ARN.
   *
   * @default - keys that S3 and DynamoDB manage; it must be given with an `encryptionKey`, and only then
   */
  readonly standbyEncryptionKey?: kms.IKey;
}

/** The region that stands by. */
export interface DisasterRecoveryStandbyOptions {
  /**
   * Where the primary is deployed: another region of the same account.
   */
  readonly primaryRegion: string;

  /**
   * The `pipelineId` of the primary: the standby knows the same jobs by the same file ids.
   */
  readonly pipelineId: string;

  /**
   * Encrypts the files that are replicated back to the primary: its `encryptionKey`, a key of its region. Import it by
   * its ARN.
   *
   * @default - the key that S3 manages; it must be given with an `encryptionKey`, and only then
   */
  readonly primaryEncryptionKey?: kms.IKey;

  /**
   * True: what lands and is published here is replicated to the primary, so that there is a way back. S3 asks that the
   * primary's bucket is there already, and the primary asks the same of this one: deploy the standby without, then the
   * primary, then the standby with it.
   *
   * @default false
   */
  readonly replicateBack?: boolean;
}

const isKey = isWith('keyArn', 'a key (kms.IKey)');

const PRIMARY: Readonly<Record<keyof DisasterRecoveryPrimaryOptions, TypeCheck>> = { standbyRegion: isText, standbyEncryptionKey: isKey };

const STANDBY: Readonly<Record<keyof DisasterRecoveryStandbyOptions, TypeCheck>> = {
  primaryRegion: isText, pipelineId: isText, primaryEncryptionKey: isKey, replicateBack: isFlag,
};

/** What one of two regions is. */
export interface RecoveryRole {
  readonly isPrimary: boolean;
  readonly otherRegion: string;
  /** The name of the prop that holds it. */
  readonly otherRegionProp: 'standbyRegion' | 'primaryRegion';
  readonly otherKey?: kms.IKey;
  readonly otherKeyProp: 'standbyEncryptionKey' | 'primaryEncryptionKey';
  readonly isReplicated: boolean;
  /** Of the standby. */
  readonly pipelineId?: string;
}

/** Whether the same pipeline stands by in another region. */
export class DisasterRecovery {
  /** The pipeline has one region. */
  public static none(): DisasterRecovery {
    return new DisasterRecovery(undefined);
  }

  /**
   * The region that works. Its job table has a replica in the standby's region, and its files, what was published, rejects
   * and reports are replicated there. Deploy the standby first: its bucket must be there. Files under the incoming prefix
   * expire after 30 days, also those that nobody has started, unless `lifecycle.incoming` says when.
   *
   * @throws an option that is not of its type, or that there is not
   */
  public static primary(options: DisasterRecoveryPrimaryOptions): DisasterRecovery {
    checkOptions('primary', options, PRIMARY);
    return new DisasterRecovery({
      isPrimary: true,
      otherRegion: options.standbyRegion,
      otherRegionProp: 'standbyRegion',
      otherKey: options.standbyEncryptionKey,
      otherKeyProp: 'standbyEncryptionKey',
      isReplicated: true,
    });
  }

  /**
   * The region that stands by: it has the primary's construct id and `environmentSuffix`, `Intake.manual()`, and no job
   * table of its own. It changes nothing until `csv-chunk-pipeline activate` makes it the active one. Files under the
   * incoming prefix expire as in the primary.
   *
   * @throws an option that is not of its type, or that there is not
   */
  public static standby(options: DisasterRecoveryStandbyOptions): DisasterRecovery {
    checkOptions('standby', options, STANDBY);
    return new DisasterRecovery({
      isPrimary: false,
      otherRegion: options.primaryRegion,
      otherRegionProp: 'primaryRegion',
      otherKey: options.primaryEncryptionKey,
      otherKeyProp: 'primaryEncryptionKey',
      isReplicated: options.replicateBack ?? false,
      pipelineId: options.pipelineId,
    });
  }

  /** @internal */
  public readonly _role: RecoveryRole | undefined;

  private constructor(role: RecoveryRole | undefined) {
    this._role = role;
  }
}

function checkOptions(role: 'primary' | 'standby', options: object, properties: Readonly<Record<string, TypeCheck>>): void {
  isStructOf(properties)('disasterRecovery', checkObject(`the options of DisasterRecovery.${role}()`, options));
}
