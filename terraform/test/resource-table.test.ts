/** What the table makes of a template, on templates of a few resources. */
import { Testing } from 'cdktn';
import { InputError } from '../lib/input-error';
import { Alarm, Queue } from '../lib/modules';
import { TemplateResource } from '../lib/pipeline-template';
import { ALARM, BUCKET, FUNCTION, LOG_GROUP, QUEUE, ROLE, Row, ROWS, RULE, TABLE, TOPIC } from '../lib/resource-table';
import { TerraformParts } from '../lib/terraform-parts';

/** What each type must have, beside what a test is about. */
const REQUIRED: Record<string, object> = {
  'AWS::S3::Bucket': {
    BucketEncryption: { ServerSideEncryptionConfiguration: [] },
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
    VersioningConfiguration: { Status: 'Enabled' },
  },
  'AWS::DynamoDB::GlobalTable': { TableName: 't', AttributeDefinitions: [], KeySchema: [], Replicas: [{ Region: 'us-east-1' }] },
  'AWS::IAM::Role': { AssumeRolePolicyDocument: { Statement: [] } },
  'AWS::Lambda::Function': { FunctionName: 'f', Code: { S3Bucket: 'assets', S3Key: 'abc.zip' }, Handler: 'index.handler', Runtime: 'nodejs22.x', Role: 'r' },
  'AWS::Lambda::Permission': { Action: 'a', Principal: 'p' },
  'AWS::Lambda::EventInvokeConfig': { MaximumRetryAttempts: 0 },
  'AWS::CloudWatch::Alarm': { AlarmName: 'a', ComparisonOperator: 'c', EvaluationPeriods: 1 },
  'AWS::Events::Rule': { Targets: [] },
};
const MADE_OF_REQUIRED = {
  bucket: {
    encryption: [],
    objectOwnership: 'BucketOwnerEnforced',
    versioning: 'Enabled',
    publicAccess: { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
  },
  function: { functionName: 'f', code: { directory: '/assembly/asset.abc', hash: 'abc' }, handler: 'index.handler', runtime: 'nodejs22.x', role: 'r' },
};

const KEPT = { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' };
const ASSETS = [{ bucket: 'assets', key: 'abc.zip', directory: '/assembly/asset.abc', hash: 'abc' }];

function resource(type: string, properties: object = {}, others: object = {}): TemplateResource {
  return { Type: type, Properties: { ...REQUIRED[type], ...properties }, ...others };
}

function partsOf(resources: Record<string, TemplateResource>): TerraformParts {
  return new TerraformParts({ resources, variables: { Email: 'email' }, assets: ASSETS, warnings: [] }, { 'AWS::Region': ['us-east-1'] });
}

/** The props of the resource `Id`. */
function propsOf<Props>(row: Row<Props>, properties: object, others: Record<string, TemplateResource> = {}): Props {
  return partsOf({ Id: resource(row.type, properties), ...others }).of(row).find(({ id }) => id === 'Id')!.props;
}

const queue = (properties: object = {}, others: object = {}) => resource('AWS::SQS::Queue', properties, others);
const table = (properties: object) => resource('AWS::DynamoDB::GlobalTable', properties);
const bucket = (properties: object = {}) => resource('AWS::S3::Bucket', properties);
const lambda = (properties: object = {}) => resource('AWS::Lambda::Function', properties);
const version = (of: string, others: object = {}) => resource('AWS::Lambda::Version', { FunctionName: { Ref: of } }, { ...KEPT, ...others });
const bucketRule = (rule: object) => bucket({ LifecycleConfiguration: { Rules: [rule] } });
const NO_ROW = 'no row of lib/resource-table.ts says what becomes of it';

describe('what has no row fails by name', () => {
  test.each<[string, Record<string, TemplateResource>, string]>([
    ['a type', { Stream: { Type: 'AWS::Kinesis::Stream' } }, 'Stream is a resource of the type AWS::Kinesis::Stream, for which lib/resource-table.ts has no row'],
    ['a property', { Jobs: queue({ KmsMasterKeyId: 'x' }) }, `KmsMasterKeyId of Jobs (AWS::SQS::Queue): ${NO_ROW}`],
    ['a property of a property', { Data: bucket({ LifecycleConfiguration: { Rules: [{ Id: 'a' }, { TagFilters: [] }] } }) },
      `LifecycleConfiguration.Rules.1.TagFilters of Data (AWS::S3::Bucket): ${NO_ROW}`],
    ['a property that every object has', { Jobs: queue({ constructor: 'x' }) }, `constructor of Jobs (AWS::SQS::Queue): ${NO_ROW}`],
    ['a property of a version', { V: resource('AWS::Lambda::Version', { FunctionName: { Ref: 'F' }, Description: 'x' }), F: lambda() },
      `Description of V (AWS::Lambda::Version): ${NO_ROW}`],
    ['a property of a tag', { Jobs: queue({ Tags: [{ Key: 'a', Value: 'b', PropagateAtLaunch: true }] }) }, `Tags.0.PropagateAtLaunch of Jobs (AWS::SQS::Queue): ${NO_ROW}`],
    ['a section of a resource', { Jobs: queue({}, { Condition: 'IsProd' }) }, 'Condition of Jobs (AWS::SQS::Queue): has no form in Terraform here'],
    ['an intrinsic function', { Jobs: queue({ QueueName: { 'Fn::ImportValue': 'x' } }) },
      'QueueName of Jobs (AWS::SQS::Queue): Fn::ImportValue has no form in Terraform here'],
    ['an intrinsic function in place of an object', { Data: bucket({ VersioningConfiguration: { 'Fn::If': [] } }) },
      'VersioningConfiguration.Status of Data (AWS::S3::Bucket): must be given, got none'],
    ['an intrinsic function in a document', { Jobs: queue({ RedrivePolicy: { deadLetterTargetArn: { 'Fn::If': [] } } }) },
      'RedrivePolicy of Jobs (AWS::SQS::Queue): Fn::If has no form in Terraform here'],
    ['an attribute', { A: queue({ QueueName: { 'Fn::GetAtt': ['B', 'QueueUrl'] } }), B: queue() },
      'QueueName of A (AWS::SQS::Queue): Fn::GetAtt QueueUrl of B (AWS::SQS::Queue) has no row in lib/resource-table.ts'],
    ['a Ref of what has none', { A: queue({ QueueName: { Ref: 'B' } }), B: resource('AWS::CloudWatch::Alarm') },
      'QueueName of A (AWS::SQS::Queue): Ref of B (AWS::CloudWatch::Alarm) has no row in lib/resource-table.ts'],
    ['a reference to nothing', { A: queue({ QueueName: { Ref: 'Nobody' } }) },
      'QueueName of A (AWS::SQS::Queue): Nobody must be a resource of the template that Terraform makes'],
    ['a pseudo parameter', { A: queue({ QueueName: { Ref: 'AWS::StackId' } }) },
      'QueueName of A (AWS::SQS::Queue): AWS::StackId must be a resource of the template that Terraform makes'],
    ['a dependency on nothing', { A: queue({}, { DependsOn: ['Nobody'] }) },
      'DependsOn of A (AWS::SQS::Queue): Nobody must be a resource of the template that Terraform makes'],
    ['a dependency of a version', { V: version('F', { DependsOn: 'A' }), F: lambda(), A: queue() }, 'DependsOn of V (AWS::Lambda::Version): must be what belongs to F, got A'],
    ['a dependency of a version on nothing', { V: version('F', { DependsOn: 'Nobody' }), F: lambda() }, 'DependsOn of V (AWS::Lambda::Version): must be what belongs to F, got Nobody'],
    ['who empties a bucket in another way', { E: resource('Custom::S3AutoDeleteObjects', { BucketName: { Ref: 'B' }, ServiceToken: { Ref: 'A' } }), A: queue(), B: bucket() },
      'ServiceToken of E (Custom::S3AutoDeleteObjects): must be Arn of one AWS::Lambda::Function, got {"Ref":"A"}'],
    ['a deletion policy', { A: queue({}, { DeletionPolicy: 'Snapshot' }) },
      'DeletionPolicy of A (AWS::SQS::Queue): must be one of Delete, Retain, RetainExceptOnCreate, got Snapshot'],
    ['what is kept when it is replaced alone', { A: queue({}, { UpdateReplacePolicy: 'Retain', DeletionPolicy: 'Delete' }) },
      'UpdateReplacePolicy of A (AWS::SQS::Queue): must keep what DeletionPolicy keeps, because Terraform\'s prevent_destroy holds for both, got Retain with Delete'],
    ['what is kept when it is deleted alone', { A: queue({}, { DeletionPolicy: 'Retain' }) },
      'UpdateReplacePolicy of A (AWS::SQS::Queue): must keep what DeletionPolicy keeps, because Terraform\'s prevent_destroy holds for both, got none with Retain'],
    ['a second replica', { T: table({ Replicas: [{ Region: 'a' }, { Region: 'b' }] }) },
      'Replicas of T (AWS::DynamoDB::GlobalTable): must have one item, got 2: Terraform has room for one here'],
    ['another encryption of a table', { T: table({ SSESpecification: { SSEEnabled: true, SSEType: 'AES256' } }) },
      'SSESpecification.SSEType of T (AWS::DynamoDB::GlobalTable): must be "KMS" (Terraform knows no other), got "AES256"'],
    ['a text in place of a list', { A: queue({ Tags: 'Team' }) }, 'Tags of A (AWS::SQS::Queue): must be a list, got "Team"'],
    ['a number in place of an object', { T: table({ SSESpecification: 5 }) }, 'SSESpecification of T (AWS::DynamoDB::GlobalTable): must be an object, got 5'],
  ])('%s', (_, resources, message) => {
    expect(() => partsOf(resources)).toThrow(new InputError(message));
  });
});

describe('code that is no asset of the stack fails', () => {
  test.each<[string, object, string]>([
    ['in the template', { ZipFile: 'exports.handler = 1' }, 'Code.S3Bucket of F (AWS::Lambda::Function): must be given, got none'],
    ['in an image', { ImageUri: 'x' }, 'Code.S3Bucket of F (AWS::Lambda::Function): must be given, got none'],
    ['of a version of an object', { S3Bucket: 'assets', S3Key: 'abc.zip', S3ObjectVersion: '1' }, `Code.S3ObjectVersion of F (AWS::Lambda::Function): ${NO_ROW}`],
    ['that a key encrypts', { S3Bucket: 'assets', S3Key: 'abc.zip', SourceKMSKeyArn: 'k' }, `Code.SourceKMSKeyArn of F (AWS::Lambda::Function): ${NO_ROW}`],
    ['in another bucket', { S3Bucket: 'theirs', S3Key: 'abc.zip' },
      'Code of F (AWS::Lambda::Function): must be an asset of the stack, got {"S3Bucket":"theirs","S3Key":"abc.zip"}'],
    ['under another key', { S3Bucket: 'assets', S3Key: 'x.zip' },
      'Code of F (AWS::Lambda::Function): must be an asset of the stack, got {"S3Bucket":"assets","S3Key":"x.zip"}'],
  ])('%s', (_, code, message) => {
    expect(() => partsOf({ F: lambda({ Code: code }) })).toThrow(new InputError(message));
  });
});

describe('what is said twice fails', () => {
  test.each<[string, Record<string, TemplateResource>, string]>([
    ['a key of a table', { T: table({ KeySchema: [{ AttributeName: 'a', KeyType: 'HASH' }, { AttributeName: 'b', KeyType: 'HASH' }] }) },
      'KeySchema of T (AWS::DynamoDB::GlobalTable): gives hashKey, which is given already: Terraform has room for one'],
    ['when objects expire', { Data: bucketRule({ ExpirationInDays: 7, ExpiredObjectDeleteMarker: true }) },
      'LifecycleConfiguration.Rules.0.ExpiredObjectDeleteMarker of Data (AWS::S3::Bucket): gives expiration, which is given already: Terraform has room for one'],
    ['the id of a target', { R: resource(RULE.type, { Targets: [{ Id: 'a', Arn: 'x' }, { Id: 'a', Arn: 'y' }] }) },
      'Targets of R (AWS::Events::Rule): must have each id once, got "a" twice'],
    ['a tag', { A: queue({ Tags: [{ Key: 'a', Value: 'x' }, { Key: 'a', Value: 'y' }] }) }, 'Tags of A (AWS::SQS::Queue): must have each name once, got "a" twice'],
  ])('%s', (_, resources, message) => {
    expect(() => partsOf(resources)).toThrow(new InputError(message));
  });
});

test('a key of a kind that nobody knows fails', () => {
  expect(() => partsOf({ T: table({ KeySchema: [{ AttributeName: 'a', KeyType: 'SORT' }] }) }))
    .toThrow(new InputError('KeySchema of T (AWS::DynamoDB::GlobalTable): must be of HASH and RANGE keys, got SORT'));
});

describe('what a module or Terraform would make up must be given', () => {
  test.each(ROWS.flatMap(({ type, required = [] }) => required.map((property) => [property, type, required] as const)))('%s of %s', (property, type, required) => {
    const properties = { ...Object.fromEntries(required.map((name) => [name, {}])), [property]: undefined };
    expect(() => partsOf({ Id: { Type: type, Properties: properties } })).toThrow(new InputError(`${property} of Id (${type}): must be given, got none`));
  });

  test('a part of a property', () => {
    expect(() => partsOf({ Data: bucket({ VersioningConfiguration: {} }) })).toThrow(new InputError('VersioningConfiguration.Status of Data (AWS::S3::Bucket): must be given, got none'));
  });
});

describe('what belongs to a resource names it, and nothing else', () => {
  const policyOf = (type: string, property: string, named: unknown) => (
    resource(type, { [property]: named, PolicyDocument: { Statement: [] }, ...type === 'AWS::IAM::Policy' ? { PolicyName: 'p' } : {} }));
  const role = resource('AWS::IAM::Role');
  const ofBucket = 'Bucket of P (AWS::S3::BucketPolicy): must be Ref of one AWS::S3::Bucket';
  const ofQueue = 'Queues of P (AWS::SQS::QueuePolicy): must';
  const ofRole = 'Roles of P (AWS::IAM::Policy): must be Ref of one AWS::IAM::Role';
  const ofPermission = 'FunctionName of P (AWS::Lambda::Permission): must be Ref or Arn of one AWS::Lambda::Function, or Ref of one AWS::Lambda::Version';
  const ofCalls = 'Qualifier of P (AWS::Lambda::EventInvokeConfig): must be Version of one AWS::Lambda::Version';
  const permission = (named: unknown) => resource('AWS::Lambda::Permission', { FunctionName: named });
  const calls = (named: unknown, qualifier: unknown) => resource('AWS::Lambda::EventInvokeConfig', { FunctionName: named, Qualifier: qualifier });
  const alias = { 'Fn::Join': ['', ['arn:', { Ref: 'F' }, ':live']] };
  test.each<[string, Record<string, TemplateResource>, string]>([
    ['a policy of two queues', { P: policyOf('AWS::SQS::QueuePolicy', 'Queues', [{ Ref: 'A' }, { Ref: 'B' }]), A: queue(), B: queue() },
      `${ofQueue} name one resource, got [{"Ref":"A"},{"Ref":"B"}]`],
    ['a policy of no queue', { P: policyOf('AWS::SQS::QueuePolicy', 'Queues', []) }, `${ofQueue} be Ref of one AWS::SQS::Queue, got none`],
    ['a policy of a bucket of another stack', { P: policyOf('AWS::S3::BucketPolicy', 'Bucket', 'theirs') }, `${ofBucket}, got "theirs"`],
    ['a policy of a bucket whose name is part of another one', { P: policyOf('AWS::S3::BucketPolicy', 'Bucket', { 'Fn::Join': ['-', [{ Ref: 'B' }, 'logs']] }), B: bucket() },
      `${ofBucket}, got {"Fn::Join":["-",[{"Ref":"B"},"logs"]]}`],
    ['a policy of what is no bucket', { P: policyOf('AWS::S3::BucketPolicy', 'Bucket', { Ref: 'A' }), A: queue() }, `${ofBucket}, got {"Ref":"A"}`],
    ['a policy of the ARN of a bucket', { P: policyOf('AWS::S3::BucketPolicy', 'Bucket', { 'Fn::GetAtt': ['B', 'Arn'] }), B: bucket() },
      `${ofBucket}, got {"Fn::GetAtt":["B","Arn"]}`],
    ['a policy of the id of a role', { P: policyOf('AWS::IAM::Policy', 'Roles', [{ 'Fn::GetAtt': ['R', 'RoleId'] }]), R: role }, `${ofRole}, got {"Fn::GetAtt":["R","RoleId"]}`],
    ['a permission for an alias', { P: permission(alias), F: lambda() }, `${ofPermission}, got ${JSON.stringify(alias)}`],
    ['a permission for an alias in another form', { P: permission({ 'Fn::Sub': '${F}:live' }), F: lambda() }, `${ofPermission}, got {"Fn::Sub":"\${F}:live"}`],
    ['a permission for the number of a version', { P: permission({ 'Fn::GetAtt': ['V', 'Version'] }), F: lambda(), V: version('F') },
      `${ofPermission}, got {"Fn::GetAtt":["V","Version"]}`],
    ['calls of an alias', { P: calls({ Ref: 'F' }, 'live'), F: lambda() }, `${ofCalls}, got "live"`],
    ['calls of a part of a name', { P: calls({ Ref: 'F' }, { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['V', 'Version'] }, '0']] }), F: lambda(), V: version('F') },
      `${ofCalls}, got {"Fn::Join":["",[{"Fn::GetAtt":["V","Version"]},"0"]]}`],
    ['calls of a function in place of a version', { P: calls({ Ref: 'F' }, { Ref: 'F' }), F: lambda() }, `${ofCalls}, got {"Ref":"F"}`],
    ['calls of a function without a version', { P: calls({ Ref: 'F' }, undefined), F: lambda() }, `${ofCalls}, got none`],
    ['calls of a version of another function', { P: calls({ Ref: 'F' }, { 'Fn::GetAtt': ['V', 'Version'] }), F: lambda(), G: lambda(), V: version('G') },
      'P (AWS::Lambda::EventInvokeConfig): FunctionName and Qualifier must name one resource, got F and G'],
    ['a version of an alias', { V: resource('AWS::Lambda::Version', { FunctionName: alias }), F: lambda() },
      `FunctionName of V (AWS::Lambda::Version): must be Ref of one AWS::Lambda::Function, got ${JSON.stringify(alias)}`],
  ])('%s fails', (_, resources, message) => {
    expect(() => partsOf(resources)).toThrow(new InputError(message));
  });
});

test('no two rows are of one type', () => {
  expect(new Set(ROWS.map(({ type }) => type)).size).toBe(ROWS.length);
});

test('a parameter becomes a variable', () => {
  expect(propsOf(QUEUE, { QueueName: { Ref: 'Email' } }).name).toBe('${var.email}');
});

test('the ARN of a log group is that of its streams', () => {
  const policy = { Type: 'AWS::IAM::Policy', Properties: { PolicyName: 'p', Roles: [{ Ref: 'Id' }], PolicyDocument: { Statement: [{ Resource: { 'Fn::GetAtt': ['Logs', 'Arn'] } }] } } };
  const { policies } = propsOf(ROLE, {}, { Policy: policy, Logs: resource(LOG_GROUP.type) });
  expect(policies).toEqual({ Policy: { name: 'p', policy: '{"Statement":[{"Resource":"${aws_cloudwatch_log_group.Logs.arn}:*"}]}' } });
});

test('what belongs to a resource is made with it', () => {
  const subscription = { Type: 'AWS::SNS::Subscription', Properties: { TopicArn: { Ref: 'Id' }, Protocol: 'email', Endpoint: { Ref: 'Email' } } };
  expect(propsOf(TOPIC, { TopicName: 't' }, { One: subscription, Two: subscription }).subscriptions).toEqual({
    One: { protocol: 'email', endpoint: '${var.email}' }, Two: { protocol: 'email', endpoint: '${var.email}' },
  });
});

describe('a version', () => {
  test('is published with its function, whose resource its references read', () => {
    const group = {
      Type: LOG_GROUP.type,
      Properties: { LogGroupName: { 'Fn::Join': ['', [{ Ref: 'Version' }, { 'Fn::GetAtt': ['Version', 'Version'] }]] } },
      DependsOn: 'Version',
    };
    const parts = partsOf({ Id: lambda(), Version: version('Id', { DependsOn: 'Id' }), Group: group });
    expect(parts.of(FUNCTION)).toEqual([{ id: 'Id', props: { ...MADE_OF_REQUIRED.function, publish: true } }]);
    expect(parts.of(LOG_GROUP)).toEqual([{
      id: 'Group',
      props: { name: '${aws_lambda_function.Id.qualified_arn}${aws_lambda_function.Id.version}', dependsOn: [{ fqn: 'aws_lambda_function.Id' }] },
    }]);
  });

  test('and its function are told apart in a permission', () => {
    const permission = (named: object) => resource('AWS::Lambda::Permission', { FunctionName: named });
    const { permissions } = propsOf(FUNCTION, {}, {
      Version: version('Id'), ToVersion: permission({ Ref: 'Version' }), ToFunction: permission({ Ref: 'Id' }), ToArn: permission({ 'Fn::GetAtt': ['Id', 'Arn'] }),
    });
    expect(permissions).toEqual({
      ToVersion: { published: true, action: 'a', principal: 'p' },
      ToFunction: { published: false, action: 'a', principal: 'p' },
      ToArn: { published: false, action: 'a', principal: 'p' },
    });
  });

  test('has asynchronous calls of its own', () => {
    const calls = resource('AWS::Lambda::EventInvokeConfig', { FunctionName: { Ref: 'Id' }, Qualifier: { 'Fn::GetAtt': ['Version', 'Version'] } });
    expect(propsOf(FUNCTION, {}, { Version: version('Id'), Calls: calls }).asynchronousCalls).toEqual({ Calls: { published: true, maximumRetryAttempts: 0 } });
  });
});

test('the code of a function is found where the template names account and region', () => {
  const code = { S3Bucket: { 'Fn::Sub': 'assets-${AWS::Region}' }, S3Key: 'abc.zip' };
  const assets = [{ ...ASSETS[0], bucket: 'assets-${AWS::Region}' }];
  const parts = new TerraformParts({ resources: { F: lambda({ Code: code }) }, variables: {}, assets, warnings: [] }, { 'AWS::Region': ['eu-north-1'] });
  expect(parts.only(FUNCTION).props.code).toEqual({ directory: '/assembly/asset.abc', hash: 'abc' });
});

test('an index has its keys as a list: as single arguments they are deprecated', () => {
  const key = (name: string, type: string) => ({ AttributeName: name, KeyType: type });
  const index = { IndexName: 'i', KeySchema: [key('a', 'HASH'), key('b', 'HASH'), key('c', 'RANGE')], Projection: { ProjectionType: 'ALL' } };
  const { hashKey, rangeKey, globalSecondaryIndex } = propsOf(TABLE, { KeySchema: [key('x', 'HASH'), key('y', 'RANGE')], GlobalSecondaryIndexes: [index] });
  expect([hashKey, rangeKey]).toEqual(['x', 'y']);
  expect(globalSecondaryIndex).toEqual([{
    name: 'i',
    projectionType: 'ALL',
    keySchema: [{ attributeName: 'a', keyType: 'HASH' }, { attributeName: 'b', keyType: 'HASH' }, { attributeName: 'c', keyType: 'RANGE' }],
  }]);
});

describe('a bucket that is emptied', () => {
  const helper = { 'Fn::GetAtt': ['HelperRole', 'Arn'] };
  const reader = { 'Fn::GetAtt': ['Reader', 'Arn'] };
  const ours = { Sid: 'Ours', Principal: { AWS: '*' } };
  const withStatements = (statements: unknown) => ({
    Id: bucket({ Tags: [{ Key: 'aws-cdk:auto-delete-objects', Value: 'true' }, { Key: 'Team', Value: 'data' }] }),
    Policy: resource('AWS::S3::BucketPolicy', { Bucket: { Ref: 'Id' }, PolicyDocument: { Statement: statements } }),
    Emptying: resource('Custom::S3AutoDeleteObjects', { BucketName: { Ref: 'Id' }, ServiceToken: { 'Fn::GetAtt': ['Helper', 'Arn'] } }, { DependsOn: ['Policy'] }),
    Helper: { Type: FUNCTION.type, Properties: { Role: helper, LoggingConfig: { LogGroup: { 'Fn::Sub': '${HelperLogs}' } } } },
    HelperRole: { Type: ROLE.type, Properties: { Policies: [] } },
    HelperLogs: { Type: LOG_GROUP.type },
    Reader: resource(ROLE.type),
  });
  const resources = withStatements([ours, { Sid: 'Theirs', Principal: { AWS: helper } }]);
  const statementsOf = (statements: unknown) => JSON.parse(partsOf(withStatements(statements)).only(BUCKET).props.policies!.Policy.policy).Statement;

  test('is emptied by Terraform, without the function and what it may do', () => {
    const parts = partsOf(resources);
    expect(parts.of(BUCKET)).toEqual([{
      id: 'Id',
      props: {
        ...MADE_OF_REQUIRED.bucket, forceDestroy: true, tags: { Team: 'data' }, policies: { Policy: { policy: '{"Statement":[{"Sid":"Ours","Principal":{"AWS":"*"}}]}' } },
      },
    }]);
    expect([parts.of(FUNCTION), parts.of(ROLE).map(({ id }) => id), parts.of(LOG_GROUP)]).toEqual([[], ['Reader'], []]);
  });

  test.each(['Allow', 'Deny'])('a statement with Effect %s holds for all others whom it names', (Effect) => {
    const statement = { Effect, Principal: { AWS: [reader, helper], Service: 'backup.amazonaws.com' } };
    expect(statementsOf([statement])).toEqual([{ Effect, Principal: { AWS: ['${aws_iam_role.Reader.arn}'], Service: ['backup.amazonaws.com'] } }]);
    expect(statementsOf([ours, { Effect, Principal: { AWS: [helper] } }])).toEqual([ours]);
  });

  test('a statement that stands alone is one', () => {
    expect(statementsOf(ours)).toEqual([ours]);
  });

  test.each<[string, unknown, string]>([
    ['that is about nobody else', { Principal: { AWS: helper } }, 'PolicyDocument.Statement of Policy (AWS::S3::BucketPolicy): must have a principal that is there in Terraform, got none'],
    ['that is none', 'Allow', 'PolicyDocument.Statement.0 of Policy (AWS::S3::BucketPolicy): must be an object, got "Allow"'],
    ['with principals of an unknown form', { Principal: { 'Fn::If': ['a', helper, '*'] } },
      'PolicyDocument.Statement.0.Principal of Policy (AWS::S3::BucketPolicy): must be "*" or principals by AWS, Service, Federated, CanonicalUser, '
      + 'got {"Fn::If":["a",{"Fn::GetAtt":["HelperRole","Arn"]},"*"]}'],
    ['with a list of principals', { Principal: [helper] },
      'PolicyDocument.Statement.0.Principal of Policy (AWS::S3::BucketPolicy): must be an object, got [{"Fn::GetAtt":["HelperRole","Arn"]}]'],
    ['that names the function in another way', { Principal: { AWS: { 'Fn::Join': ['', [helper, '/x']] } } },
      'PolicyDocument of Policy (AWS::S3::BucketPolicy): HelperRole must be a resource of the template that Terraform makes'],
    ['about all but the function', { Effect: 'Deny', NotPrincipal: { AWS: helper } },
      'PolicyDocument of Policy (AWS::S3::BucketPolicy): HelperRole must be a resource of the template that Terraform makes'],
  ])('a statement %s fails', (_, statement, message) => {
    expect(() => partsOf(withStatements([statement]))).toThrow(new InputError(message));
  });

  test.each<[string, TemplateResource, string]>([
    ['in a value', resource(ALARM.type, { Dimensions: [{ Name: 'FunctionName', Value: { Ref: 'Helper' } }] }),
      'Dimensions.0.Value of Other (AWS::CloudWatch::Alarm): Helper must be a resource of the template that Terraform makes'],
    ['as what it belongs to', resource('AWS::IAM::Policy', { PolicyName: 'p', PolicyDocument: { Statement: [] }, Roles: [{ Ref: 'HelperRole' }] }),
      'Other (AWS::IAM::Policy): belongs to HelperRole, which Terraform does without'],
  ])('who needs the function otherwise is told: %s', (_, other, message) => {
    expect(() => partsOf({ ...resources, Other: other })).toThrow(new InputError(message));
  });
});

test('what CloudFormation keeps, Terraform refuses to destroy', () => {
  const parts = partsOf({
    Kept: queue({}, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' }),
    KeptLater: queue({}, KEPT),
    Deleted: queue({}, { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' }),
    Unsaid: queue(),
  });
  expect(parts.of(QUEUE)).toEqual([
    { id: 'Kept', props: { maxMessageSize: 1048576, lifecycle: { preventDestroy: true } } },
    { id: 'KeptLater', props: { maxMessageSize: 1048576, lifecycle: { preventDestroy: true } } },
    { id: 'Deleted', props: { maxMessageSize: 1048576 } },
    { id: 'Unsaid', props: { maxMessageSize: 1048576 } },
  ]);
});

describe('a stack takes what there is', () => {
  const parts = () => partsOf({ A: queue(), B: queue(), T: resource(TOPIC.type) });

  test('where there must be one, it says how many there are', () => {
    expect(parts().only(TOPIC).id).toBe('T');
    expect(() => parts().only(QUEUE)).toThrow('one AWS::SQS::Queue was expected, got A and B');
    expect(() => parts().only(BUCKET)).toThrow('one AWS::S3::Bucket was expected, got none');
  });

  test('what it has not taken is named', () => {
    const some = parts();
    some.of(TOPIC);
    expect(() => some.checkAllTaken()).toThrow('A (AWS::SQS::Queue), B (AWS::SQS::Queue)');
    some.of(QUEUE);
    expect(() => some.checkAllTaken()).not.toThrow();
  });
});

test('an alarm has who is told that it is over, and how many periods of how many it takes', () => {
  const { okActions, evaluationPeriods, datapointsToAlarm } = propsOf(
    ALARM, { OKActions: [{ Ref: 'Topic' }], EvaluationPeriods: 3, DatapointsToAlarm: 2 }, { Topic: resource(TOPIC.type) });
  expect([okActions, evaluationPeriods, datapointsToAlarm]).toEqual([['${aws_sns_topic.Topic.arn}'], 3, 2]);
});

test('a query of an alarm returns data where nothing else is said, as in CloudFormation', () => {
  expect(propsOf(ALARM, { Metrics: [{ Id: 'a' }, { Id: 'b', ReturnData: false }] }).metricQuery).toEqual([{ id: 'a', returnData: true }, { id: 'b', returnData: false }]);
});

test('a lifecycle rule without a prefix holds for all objects', () => {
  const { lifecycleRules } = propsOf(BUCKET, { LifecycleConfiguration: { Rules: [{ Id: 'all', ExpirationInDays: 1 }, { Id: 'some', Prefix: 'a/' }] } });
  expect(lifecycleRules).toEqual([{ id: 'all', filter: [{}], expiration: [{ days: 1 }] }, { id: 'some', filter: [{ prefix: 'a/' }] }]);
});

test('`${` and `%{` in a text come to Terraform as text, through every module', () => {
  const synthesized = Testing.synthScope((scope) => {
    const parts = partsOf({
      Id: queue({ QueueName: '${name}', Tags: [{ Key: '${key}', Value: '%{value}' }], RedrivePolicy: { a: '${b}' } }),
      Alarm: resource(ALARM.type, { AlarmDescription: 'costs $${x}' }),
    });
    parts.of(QUEUE).forEach(({ id, props }) => new Queue(scope, id, props));
    parts.of(ALARM).forEach(({ id, props }) => new Alarm(scope, id, props));
  });
  const { resource: made } = JSON.parse(synthesized);
  expect(made.aws_sqs_queue.Id).toMatchObject({ name: '$${name}', tags: { '$${key}': '%%{value}' }, redrive_policy: '{"a":"$${b}"}' });
  expect(made.aws_cloudwatch_metric_alarm.Alarm.alarm_description).toBe('costs $$${x}');
});
