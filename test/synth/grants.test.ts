import { PhysicalName, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { CsvChunkPipeline, JobCatalog, OutputFormat } from '../../src';
import { newApp, SCHEMA } from '../synthesize';

const ENV = { account: '111111111111', region: 'eu-west-1' };
const PARTNER = '222222222222';

/** Stacks of this account, of this account again, and of another one. */
interface Scene {
  readonly stack: Stack;
  readonly sameAccount: Stack;
  readonly otherAccount: Stack;
}

function newScene(): Scene {
  const app = newApp();
  return {
    stack: new Stack(app, 'Stack', { env: ENV }),
    sameAccount: new Stack(app, 'SameAccount', { env: ENV }),
    otherAccount: new Stack(app, 'OtherAccount', { env: { ...ENV, account: PARTNER } }),
  };
}

const PRINCIPALS: Record<string, (scene: Scene) => iam.IGrantable> = {
  'a role of the stack': ({ stack }) => new iam.Role(stack, 'Grantee', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') }),
  'a role of another stack': ({ sameAccount }) => new iam.Role(sameAccount, 'Grantee', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') }),
  'a role of another account\'s stack': ({ otherAccount }) =>
    new iam.Role(otherAccount, 'Grantee', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'), roleName: PhysicalName.GENERATE_IF_NEEDED }),
  'a role imported from another account': ({ stack }) => iam.Role.fromRoleArn(stack, 'Grantee', `arn:aws:iam::${PARTNER}:role/partner`),
  'a role imported from this account': ({ stack }) => iam.Role.fromRoleArn(stack, 'Grantee', `arn:aws:iam::${ENV.account}:role/ours`),
  'a role by its ARN': () => new iam.ArnPrincipal(`arn:aws:iam::${PARTNER}:role/partner`),
  'another account': () => new iam.AccountPrincipal(PARTNER),
  'an organization': () => new iam.OrganizationPrincipal('o-1234567890'),
  'a service': () => new iam.ServicePrincipal('transfer.amazonaws.com'),
  'a user': ({ stack }) => new iam.User(stack, 'Grantee'),
  'a group': ({ stack }) => new iam.Group(stack, 'Grantee'),
};

type Statement = { readonly Action: string | string[]; readonly Sid?: string; readonly Effect: string; readonly Condition?: object };

/** In whose policies something is allowed about S3 objects, listing and keys, in all stacks. */
function places({ stack, sameAccount, otherAccount }: Scene): Record<string, string[]> {
  const resources = [stack, sameAccount, otherAccount].flatMap((one) => Object.entries(Template.fromStack(one).toJSON().Resources ?? {}));
  const found: Array<[string, Statement]> = resources
    .flatMap(([id, { Type, Properties }]: [string, any]): Array<[string, Statement]> => {
      if (Type === 'AWS::IAM::Policy') return id.startsWith('Grantee') ? withPlace('grantee', Properties.PolicyDocument.Statement) : [];
      if (Type === 'AWS::S3::BucketPolicy') return withPlace('bucket', Properties.PolicyDocument.Statement);
      if (Type === 'AWS::KMS::Key') return withPlace('key', Properties.KeyPolicy.Statement.slice(1));
      return [];
    });
  const allowing = (action: RegExp) => [...new Set(found
    .filter(([, { Effect, Action }]) => Effect === 'Allow' && [Action].flat().some((one) => action.test(one))).map(([place]) => place))].sort();
  return { put: allowing(/^s3:PutObject$/), get: allowing(/^s3:GetObject/), list: allowing(/^s3:List/), key: allowing(/^kms:(Decrypt|GenerateDataKey)/) };
}

const withPlace = (place: string, statements: Statement[]): Array<[string, Statement]> => statements.map((statement) => [place, statement]);

const BUCKETS: Record<string, (stack: Stack) => s3.Bucket> = {
  'a bucket': (stack) => new s3.Bucket(stack, 'Mine', { bucketName: 'mine', eventBridgeEnabled: true }),
  'a bucket with a key': (stack) => new s3.Bucket(stack, 'Mine', {
    bucketName: 'mine', eventBridgeEnabled: true, encryptionKey: new kms.Key(stack, 'Key', { alias: 'mine' }), encryption: s3.BucketEncryption.KMS,
  }),
};

describe.each(Object.keys(BUCKETS))('on %s', (bucketKind) => {
  describe.each(Object.keys(PRINCIPALS))('to %s', (principal) => {
    const granted = (grant: (bucket: s3.Bucket, grantee: iam.IGrantable) => void) => {
      const scene = newScene();
      grant(BUCKETS[bucketKind](scene.stack), PRINCIPALS[principal](scene));
      return places(scene);
    };
    const pipeline = (bucket: s3.Bucket) => new CsvChunkPipeline(bucket.stack, 'Pipeline', { schema: SCHEMA, sourceBucket: bucket });
    // The functions have none of these policies.
    const nothing = { put: [], get: [], list: [], key: [] };

    test('grantUpload allows where the bucket\'s own grantPut does', () => {
      const ours = granted((bucket, grantee) => pipeline(bucket).grantUpload(grantee));
      expect(ours).toEqual(granted((bucket, grantee) => bucket.grantPut(grantee, 'incoming/*')));
      expect(ours).not.toEqual(nothing);
    });

    test('grantRead allows where the bucket\'s own grantRead does', () => {
      const ours = granted((bucket, grantee) => pipeline(bucket).grantRead(grantee));
      expect(ours).toEqual(granted((bucket, grantee) => bucket.grantRead(grantee, 'output/*')));
      expect(ours).not.toEqual(nothing);
    });
  });
});

test('another account may upload to the bucket that the pipeline makes, and use its key, under the incoming prefix alone', () => {
  const { stack } = newScene();
  const grant = new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, encryptionKey: new kms.Key(stack, 'Key') }).grantUpload(new iam.AccountPrincipal(PARTNER));
  const template = Template.fromStack(stack);
  const Principal = { AWS: Match.objectLike({ 'Fn::Join': ['', Match.arrayWith([`:iam::${PARTNER}:root`])] }) };
  template.hasResourceProperties('AWS::S3::BucketPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([Match.objectLike({
        Action: ['s3:PutObject', 's3:AbortMultipartUpload'], Effect: 'Allow', Principal, Resource: { 'Fn::Join': ['', [Match.anyValue(), '/incoming/*']] },
      })]),
    },
  });
  template.hasResourceProperties('AWS::KMS::Key', {
    KeyPolicy: {
      Statement: Match.arrayWith([Match.objectLike({
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Effect: 'Allow', Principal,
      })]),
    },
  });
  expect(grant.success).toBe(true);
});

test('another account that may read one prefix may list no other one', () => {
  const { stack } = newScene();
  new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA }).grantRead(new iam.AccountPrincipal(PARTNER));
  Template.fromStack(stack).hasResourceProperties('AWS::S3::BucketPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([Match.objectLike({
        Action: 's3:ListBucket', Effect: 'Allow', Condition: { StringLike: { 's3:prefix': ['output/*'] } },
      })]),
    },
  });
});

describe('what cannot be written anywhere is warned of, and the grant says so', () => {
  const warnings = (stack: Stack) => Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data))
    .filter((text) => !text.includes('EventBridge'));
  const imported = (principal: string, key?: string) => {
    const scene = newScene();
    const sourceBucket = s3.Bucket.fromBucketAttributes(scene.stack, 'Mine', {
      bucketName: 'mine', encryptionKey: key === undefined ? undefined : kms.Key.fromKeyArn(scene.stack, 'Key', key),
    });
    const grant = new CsvChunkPipeline(scene.stack, 'Pipeline', { schema: SCHEMA, sourceBucket }).grantUpload(PRINCIPALS[principal](scene));
    return { grant, warned: warnings(scene.stack) };
  };
  const KEY_ARN = `arn:aws:kms:eu-west-1:${ENV.account}:key/1`;

  test.each(['another account', 'a role imported from another account'])('an imported bucket and key: %s', (principal) => {
    const { grant, warned } = imported(principal, KEY_ARN);
    expect(warned.map((text) => text.replace(/ \[ack: .*/, ''))).toEqual([
      expect.stringContaining('the policy of the imported bucket mine must allow what the pipeline grants, and the CDK cannot change it: add these statements '
        + '[{"Action":["s3:AbortMultipartUpload","s3:PutObject"],"Effect":"Allow","Principal":{"AWS":"arn:'),
      expect.stringContaining(`the policy of the imported key ${KEY_ARN} must allow`),
    ]);
    expect(warned[0]).toContain('"Resource":"arn:${AWS::Partition}:s3:::mine/incoming/*"}]');
    expect(() => grant.assertSuccess()).toThrow('could not be added');
  });

  test('a bucket of another account is told of once, with all that the functions need there', () => {
    const { stack } = newScene();
    const sourceBucket = s3.Bucket.fromBucketAttributes(stack, 'Theirs', { bucketName: 'theirs', account: PARTNER });
    new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, sourceBucket });
    const [warning, ...others] = warnings(stack).filter((text) => text.includes('imported bucket theirs'));
    expect(others).toEqual([]);
    expect(warning).toContain('"s3:GetObjectVersion"');
    expect(warning).toContain('s3:::theirs/incoming/*');
    expect(warning).toContain('s3:::theirs/processed/*');
  });

  test('a bucket of the app, and an imported key', () => {
    const { stack } = newScene();
    const sourceBucket = new s3.Bucket(stack, 'Mine', { encryptionKey: kms.Key.fromKeyArn(stack, 'Key', KEY_ARN), eventBridgeEnabled: true });
    const grant = new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, sourceBucket }).grantUpload(new iam.AccountPrincipal(PARTNER));
    expect(warnings(stack).filter((text) => !text.includes('lifecycle rule'))).toEqual([expect.stringContaining(`the policy of the imported key ${KEY_ARN} must allow`)]);
    expect(grant.success).toBe(false);
  });

  test.each(['a role of the stack', 'a role imported from this account', 'a user', 'a group'])('but a policy of their own is enough for %s', (principal) => {
    const { grant, warned } = imported(principal, KEY_ARN);
    expect(warned).toEqual([]);
    expect(grant.success).toBe(true);
  });

  /** For which there is no policy but the grantee's own. */
  const OF_ONE_ACCOUNT: Record<string, readonly [(pipeline: CsvChunkPipeline, grantee: iam.IGrantable) => iam.Grant, string]> = {
    grantStart: [(pipeline, grantee) => pipeline.grantStart(grantee), 'states:StartExecution on the state machine'],
    grantReadJobs: [(pipeline, grantee) => pipeline.grantReadJobs(grantee), 'reads of the job table'],
    grantQuery: [
      (pipeline, grantee) => new JobCatalog(pipeline, 'Catalog', { pipeline, databaseName: 'mine' }).grantQuery(grantee), 'reads of the table in the Glue data catalog',
    ],
  };

  describe.each(Object.entries(OF_ONE_ACCOUNT))('%s', (_, [grantOf, what]) => {
    const granted = (principal: string, encryptionKey?: (stack: Stack) => kms.IKey) => {
      const scene = newScene();
      const props = { schema: SCHEMA, outputFormat: OutputFormat.parquet(), encryptionKey: encryptionKey?.(scene.stack) };
      const grant = grantOf(new CsvChunkPipeline(scene.stack, 'Pipeline', props), PRINCIPALS[principal](scene));
      return { grant, scene, warned: warnings(scene.stack) };
    };

    test.each(['another account', 'a role imported from another account', 'a role by its ARN', 'a service'])('to %s', (principal) => {
      const { grant, warned } = granted(principal);
      expect(warned).toEqual([expect.stringContaining(`grantee must be a role, user or group of the pipeline's account to be allowed ${what}, because`)]);
      expect(() => grant.assertSuccess()).toThrow('could not be added');
    });

    test.each(['a role of the stack', 'a role of another stack', 'a user', 'a group'])('but it is granted to %s', (principal) => {
      const { grant, warned } = granted(principal);
      expect(warned).toEqual([]);
      expect(grant.success).toBe(true);
    });
  });

  test('nobody may use the key who may not read the job table', () => {
    const { stack } = newScene();
    const grant = new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, encryptionKey: new kms.Key(stack, 'Key') }).grantReadJobs(new iam.AccountPrincipal(PARTNER));
    expect(grant.success).toBe(false);
    expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::KMS::Key'))).not.toContain(PARTNER);
  });

  test('a key by the name of its alias, on which the CDK grants nothing', () => {
    const { stack } = newScene();
    const encryptionKey = kms.Alias.fromAliasName(stack, 'Key', 'alias/mine');
    const sourceBucket = s3.Bucket.fromBucketAttributes(stack, 'Mine', { bucketName: 'mine', encryptionKey });
    const grant = new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, sourceBucket }).grantUpload(new iam.Role(stack, 'Grantee', { assumedBy: new iam.AccountRootPrincipal() }));
    expect(warnings(stack)).toEqual([expect.stringContaining('the bucket mine must have a key by its ARN for the pipeline to allow its use, got the alias alias/mine by its name')]);
    expect(grant.success).toBe(false);
  });
});
