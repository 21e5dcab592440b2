import { Annotations, Aspects, DefaultTokenResolver, FeatureFlags, Resource, Stack, Token, TokenComparison, Tokenization } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct, IConstruct } from 'constructs';

/**
 * Allows as the grants of the CDK's own buckets do, and in the same places: in the grantee's policy, and in the
 * bucket's where the grantee has none (an account, a service) or belongs to another account. Nothing can be written
 * into the policy of an imported bucket: what is missing there is told in a warning, and the grant has no success.
 *
 * @param scope where warnings are shown
 */
export function grantOnBucket(scope: Construct, bucket: s3.IBucket, options: iam.CommonGrantOptions): iam.Grant {
  let missing = false;
  const grant = iam.Grant.addToPrincipalOrResource({
    ...options,
    resource: {
      env: bucket.env,
      addToResourcePolicy: (statement) => {
        // The CDK leaves them out there, and a reader of one prefix could list the whole bucket.
        statement.addConditions(options.conditions ?? {});
        const result = bucket.addToResourcePolicy(statement);
        missing = !result.statementAdded;
        if (missing) warnOfMissing(scope, bucket, statement);
        return result;
      },
    },
  });
  return missing ? drop(options.grantee) : grant;
}

/** The same for the bucket's own key. Undefined: it has none. */
export function grantOnKeyOf(scope: Construct, bucket: s3.IBucket, grantee: iam.IGrantable, ...actions: string[]): iam.Grant | undefined {
  const key = bucket.encryptionKey;
  if (key === undefined) return undefined;
  if (isAliasByName(key)) {
    Annotations.of(scope).addWarningV2('cdk-csv-chunk-pipeline:keyByAlias', `the bucket ${readable(scope, bucket.bucketName)} must have a key by its ARN for the pipeline to allow its use, `
      + `got the alias ${key.keyId} by its name, on which the CDK grants nothing: import the bucket with Key.fromKeyArn or Key.fromLookup`);
    return drop(grantee);
  }
  const grant = key.grant(grantee, ...actions);
  const [missing] = Resource.isOwnedResource(key) ? [] : grant.resourceStatements;
  if (missing === undefined) return grant;
  warnOfMissing(scope, key, missing);
  return drop(grantee);
}

/** One grant of several, which has no success where one of them has none. What is undefined is not needed. */
export function everyGrant(grantee: iam.IGrantable, ...grants: Array<iam.Grant | undefined>): iam.Grant {
  const needed = grants.filter((grant) => grant !== undefined);
  if (needed.some(({ success }) => !success)) return drop(grantee);
  return needed.reduce((all, grant) => all.combine(grant));
}

const GRANTS_BY_ALIAS = '@aws-cdk/aws-kms:applyImportedAliasPermissionsToPrincipal';

/** `Alias.fromAliasName`: whose key is not known, and on which grants do nothing unless the app has asked for it by a flag. */
export function isAliasByName(key: kms.IKey): boolean {
  return 'aliasName' in key && !Resource.isOwnedResource(key) && FeatureFlags.of(key).isEnabled(GRANTS_BY_ALIAS) !== true && !hasTarget(key as kms.IAlias);
}

function hasTarget(alias: kms.IAlias): boolean {
  try {
    return alias.aliasTargetKey !== undefined;
  } catch {
    return false;
  }
}

/**
 * For what has no policy of its own, such as a state machine, or none that is the pipeline's: only a role, user or group
 * of its account can be allowed to use it.
 *
 * @param what is allowed, as in `states:StartExecution on the state machine`
 */
export function expectGranted(scope: Construct, grantee: iam.IGrantable, grant: iam.Grant, what: string): iam.Grant {
  const { principalAccount } = grantee.grantPrincipal;
  const elsewhere = principalAccount !== undefined
    && Token.compareStrings(principalAccount, Stack.of(scope).account) === TokenComparison.DIFFERENT;
  if (grant.success && !elsewhere) return grant;
  Annotations.of(scope).addWarningV2('cdk-csv-chunk-pipeline:notGranted',
    `grantee must be a role, user or group of the pipeline's account to be allowed ${what}, because there is no other policy to write that into; got `
    + `${principalText(scope, grantee)}. Grant a role of this account that the grantee may assume`);
  return drop(grantee);
}

function principalText(scope: Construct, grantee: iam.IGrantable): string {
  return JSON.stringify(readable(scope, grantee.grantPrincipal.policyFragment.principalJson));
}

function drop(grantee: iam.IGrantable): iam.Grant {
  return iam.Grant.drop(grantee, 'nothing to grant, or nowhere to write it');
}

/** By the imported bucket or key whose policy lacks them. */
const missingStatements = new WeakMap<s3.IBucket | kms.IKey, iam.PolicyStatement[]>();

/** All that one policy lacks is told at once, when the app is synthesized: its owner has one document to add. */
function warnOfMissing(scope: Construct, imported: s3.IBucket | kms.IKey, statement: iam.PolicyStatement): void {
  const known = missingStatements.get(imported);
  if (known !== undefined) {
    known.push(statement);
    return;
  }
  const missing = [statement];
  missingStatements.set(imported, missing);
  const [kind, name] = 'bucketName' in imported ? ['Bucket', imported.bucketName] : ['Key', imported.keyArn];
  const tell = (node: IConstruct) => {
    if (node !== scope) return;
    // As a token: only so the CDK brings statements together.
    const policy: unknown = new iam.PolicyDocument({ statements: missing, minimize: true });
    const { Statement } = readable(scope, policy) as { readonly Statement: readonly object[] };
    Annotations.of(scope).addWarningV2(`cdk-csv-chunk-pipeline:grantNotIn${kind}Policy`,
      `the policy of the imported ${kind.toLowerCase()} ${readable(scope, name)} must allow what the pipeline grants, and the CDK cannot change it: add these statements `
      + JSON.stringify(Statement));
  };
  Aspects.of(scope).add({ visit: tell });
}

/** With references as `Fn::Sub` has them: `arn:${AWS::Partition}:s3:::mine`. */
function readable<T>(scope: Construct, value: T): T {
  const text = (part: unknown) => typeof part === 'object' && part !== null && 'Ref' in part ? '${' + part.Ref + '}'
    : typeof part === 'object' ? JSON.stringify(part) : String(part ?? '');
  return Tokenization.resolve(value, {
    scope,
    preparing: false,
    resolver: new DefaultTokenResolver({ join: (left: unknown, right: unknown) => `${text(left)}${text(right)}` }),
  }) as T;
}
