import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { holdProps, PropRow, synthesizeAround } from './prop-rows';
import { CsvChunkPipeline, CsvChunkPipelineProps, DisasterRecovery, Intake, JobApi, JobApiProps } from '../../src';
import { API_ERRORS, JOB_API_ROUTES } from '../../src/contract/api-routes';
import { OPEN_API, refusedCodes } from '../services/job-api/open-api';
import { asText, newStack, SCHEMA, Synthesized } from '../synthesize';

const make = (stack: Stack, pipeline: CsvChunkPipeline, props: Partial<JobApiProps> = {}) => new JobApi(stack, 'JobApi', { pipeline, ...props });

function synthesizeApi(props: Partial<CsvChunkPipelineProps> = {}): Synthesized {
  const stack = newStack();
  make(stack, new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, ...props }));
  return new Synthesized(stack);
}

const methodsOf = (synthesized: Synthesized) => synthesized.entries('AWS::ApiGateway::Method').map(([, { Properties }]) => Properties);
const stageOf = (synthesized: Synthesized) => synthesized.one('AWS::ApiGateway::Stage').Properties;
const environmentOf = (synthesized: Synthesized) => synthesized.one('AWS::Lambda::Function', 'JobApiHandler').Properties.Environment.Variables;
const authOf = (synthesized: Synthesized) => [...new Set(methodsOf(synthesized).map(({ AuthorizationType }) => AuthorizationType))];

function authorizer(stack: Stack): apigateway.IAuthorizer {
  const handler = new lambda.Function(stack, 'Authorizer', { runtime: lambda.Runtime.NODEJS_22_X, handler: 'a.b', code: lambda.Code.fromInline('x') });
  return new apigateway.TokenAuthorizer(stack, 'TokenAuthorizer', { handler });
}

function users(stack: Stack): apigateway.IAuthorizer {
  return new apigateway.CognitoUserPoolsAuthorizer(stack, 'Users', { cognitoUserPools: [new cognito.UserPool(stack, 'Pool')] });
}

describe('props', () => {
  const rows: Record<string, PropRow<JobApiProps>> = {
    'JobApiProps.authorizer': { read: authOf, byDefault: ['AWS_IAM'], override: (stack) => ({ authorizer: authorizer(stack) }), overridden: ['CUSTOM'] },
    'JobApiProps.authorizationScopes': {
      read: (synthesized) => [...new Set(methodsOf(synthesized).map(({ AuthorizationScopes }) => JSON.stringify(AuthorizationScopes)))],
      byDefault: [undefined],
      override: (stack) => ({ authorizer: users(stack), authorizationScopes: ['jobs'] }),
      overridden: ['["jobs"]'],
    },
    'JobApiProps.rateLimit': { read: (one) => stageOf(one).MethodSettings[0].ThrottlingRateLimit, byDefault: 10, override: { rateLimit: 2.5 }, overridden: 2.5 },
    'JobApiProps.burstLimit': { read: (one) => stageOf(one).MethodSettings[0].ThrottlingBurstLimit, byDefault: 20, override: { burstLimit: 7 }, overridden: 7 },
    'JobApiProps.linkExpiry': {
      read: (one) => environmentOf(one).LINK_EXPIRY_SECONDS, byDefault: '900', override: { linkExpiry: Duration.hours(1) }, overridden: '3600',
    },
  };
  holdProps('./around/job-api', make, rows);

  test.each<[Partial<JobApiProps>, string]>([
    [{ linkExpiry: Duration.seconds(59) }, 'linkExpiry must be at least 1 minute, got 59 seconds'],
    [{ linkExpiry: Duration.hours(2) }, 'linkExpiry must be at most 1 hour, got 2 hours'],
    [{ linkExpiry: Duration.millis(60_500) }, 'linkExpiry must be whole seconds, got'],
    [{ linkExpiry: 900 as never }, 'linkExpiry must be a Duration, such as Duration.minutes(5), got 900'],
    [{ rateLimit: 0 }, 'rateLimit must be at least 1, got 0'],
    [{ rateLimit: '5' as never }, 'rateLimit must be a number, got "5"'],
    [{ rateLimit: Infinity }, 'rateLimit must be a finite number, got Infinity'],
    [{ burstLimit: 0 }, 'burstLimit must be at least 1, got 0'],
    [{ burstLimit: 1.5 }, 'burstLimit must be a whole number, got 1.5'],
  ])('%j is refused', (props, message) => {
    expect(() => synthesizeAround((stack, pipeline) => make(stack, pipeline, props))).toThrow(message);
  });
});

describe('is open to nobody', () => {
  const typed = (authorizationType: unknown) => ({ authorizer: { authorizerId: 'a1b2c3', authorizationType } as apigateway.IAuthorizer });
  const withProps = (props: (stack: Stack) => Partial<JobApiProps>) => () => (
    synthesizeAround((stack, pipeline) => make(stack, pipeline, props(stack)))
  );

  test.each<[string, (stack: Stack) => Partial<JobApiProps>, string]>([
    ['nothing given', () => ({}), 'AWS_IAM'],
    ['undefined', () => ({ authorizer: undefined, authorizationScopes: undefined }), 'AWS_IAM'],
    ['a function', (stack) => ({ authorizer: authorizer(stack) }), 'CUSTOM'],
    ['a user pool', (stack) => ({ authorizer: users(stack) }), 'COGNITO_USER_POOLS'],
    ['a user pool with scopes', (stack) => ({ authorizer: users(stack), authorizationScopes: ['jobs'] }), 'COGNITO_USER_POOLS'],
    ['one that is there', () => typed('CUSTOM'), 'CUSTOM'],
    ['a user pool that is there', () => typed('COGNITO_USER_POOLS'), 'COGNITO_USER_POOLS'],
  ])('%s: every method wants to know who calls', (_, props, expected) => {
    const methods = methodsOf(withProps(props)());
    expect(methods.map(({ AuthorizationType }) => AuthorizationType)).toEqual(Array(Object.keys(JOB_API_ROUTES).length).fill(expected));
  });

  const KINDS = 'authorizer must be one of type CUSTOM or COGNITO_USER_POOLS, or left out for IAM, got';
  const OF_COGNITO = 'authorizationScopes must be left out where the authorizer is none of Cognito, got';
  test.each<[string, (stack: Stack) => unknown, string]>([
    ['null', () => ({ authorizer: null }), 'authorizer must be an authorizer (apigateway.IAuthorizer), got null'],
    ['NONE', () => ({ authorizer: 'NONE' }), 'authorizer must be an authorizer (apigateway.IAuthorizer), got "NONE"'],
    ['false', () => ({ authorizer: false }), 'authorizer must be an authorizer (apigateway.IAuthorizer), got false'],
    ['an empty object', () => ({ authorizer: {} }), 'authorizer must be an authorizer (apigateway.IAuthorizer), got an object (Object)'],
    ['one of type NONE', () => typed('NONE'), `${KINDS} NONE`],
    ['one without a type', () => typed(undefined), `${KINDS} none`],
    ['one of IAM', () => typed('AWS_IAM'), `${KINDS} AWS_IAM`],
    ['scopes without an authorizer', () => ({ authorizationScopes: ['jobs'] }), `${OF_COGNITO} none`],
    ['scopes with a function', (stack) => ({ authorizer: authorizer(stack), authorizationScopes: ['jobs'] }), `${OF_COGNITO} one of type CUSTOM`],
    ['no scopes at all', (stack) => ({ authorizer: users(stack), authorizationScopes: [] }), 'authorizationScopes must hold at least one, got none'],
  ])('%s is refused', (_, props, message) => {
    expect(withProps(props as (stack: Stack) => Partial<JobApiProps>)).toThrow(message);
  });

  test('a scope may be known at deployment only, as that of a resource server is', () => {
    const made = withProps((stack) => {
      const server = new cognito.UserPool(stack, 'Others').addResourceServer('Server', { identifier: 'jobs' });
      const { scopeName } = cognito.OAuthScope.resourceServer(server, new cognito.ResourceServerScope({ scopeName: 'read', scopeDescription: 'x' }));
      return { authorizer: users(stack), authorizationScopes: [scopeName] };
    })();
    const [{ AuthorizationScopes }] = methodsOf(made);
    expect(asText(AuthorizationScopes[0])).toMatch(/^\$\{OthersServer\w+\}\/read$/);
  });
});

describe('the API', () => {
  let synthesized: Synthesized;
  beforeAll(() => { synthesized = synthesizeApi(); });

  /** `GET /jobs/{jobId}/report` … as the template has them. */
  function routes(): string[] {
    const resources = new Map(synthesized.entries('AWS::ApiGateway::Resource').map(([id, { Properties }]) => [id, Properties]));
    const pathOf = (id: string | undefined): string => id === undefined || !resources.has(id) ? ''
      : `${pathOf(resources.get(id)!.ParentId.Ref)}/${resources.get(id)!.PathPart}`;
    return methodsOf(synthesized).map(({ HttpMethod, ResourceId }) => `${HttpMethod} ${pathOf(ResourceId.Ref)}`).sort();
  }

  test('has the routes of docs/job-api.openapi.yaml, and no others', () => {
    const documented = Object.entries(OPEN_API.paths).flatMap(([path, operations]) => Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`));
    expect(routes()).toEqual(documented.sort());
  });

  test('makes no output of its own beside that of its user', () => {
    expect(synthesized.template.toJSON().Outputs ?? {}).toEqual({});
  });

  test('declares the parameters of docs/job-api.openapi.yaml: what is in a path must be there', () => {
    const places: Record<string, string> = { path: 'path', query: 'querystring', header: 'header' };
    const shared = OPEN_API.components.parameters as Record<string, { name: string; in: string; required?: boolean }>;
    const operations = Object.values(OPEN_API.paths).flatMap((ofPath) => Object.values(ofPath));
    const documented = operations.map(({ parameters = [] }) => Object.fromEntries(
      parameters.map((one) => one.$ref === undefined ? one as { name: string; in: string; required?: boolean } : shared[one.$ref.split('/').at(-1)!])
        .map((one) => [`method.request.${places[one.in]}.${one.name}`, one.required === true]),
    ));
    const declared = methodsOf(synthesized).map(({ RequestParameters }) => RequestParameters);
    expect(declared).toHaveLength(documented.length);
    expect(declared).toEqual(expect.arrayContaining(documented));
  });

  test('validates each request before the function sees it', () => {
    const [[validator, { Properties }]] = synthesized.entries('AWS::ApiGateway::RequestValidator');
    expect(Properties).toMatchObject({ ValidateRequestBody: true, ValidateRequestParameters: true });
    for (const method of methodsOf(synthesized)) expect(method.RequestValidatorId).toEqual({ Ref: validator });
    const [[model]] = synthesized.entries('AWS::ApiGateway::Model');
    expect(methodsOf(synthesized).filter(({ RequestModels }) => RequestModels !== undefined)).toMatchObject([
      { HttpMethod: 'POST', RequestModels: { 'application/json': { Ref: model } } },
    ]);
    expect(synthesized.one('AWS::ApiGateway::Model').Properties.Schema).toMatchObject({ type: 'object', required: ['action'] });
  });

  test('is limited, traced and logged; what its answers hold stands in no log', () => {
    const logsOf = (part: string) => synthesized.entries('AWS::Logs::LogGroup').find(([id]) => id.includes(part))!;
    expect(stageOf(synthesized)).toMatchObject({
      StageName: 'v1',
      TracingEnabled: true,
      AccessLogSetting: { DestinationArn: { 'Fn::GetAtt': [logsOf('JobApiAccessLogs')[0], 'Arn'] } },
      MethodSettings: [{ HttpMethod: '*', ResourcePath: '/*', LoggingLevel: 'ERROR', DataTraceEnabled: false, ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 }],
    });
    expect(JSON.parse(stageOf(synthesized).AccessLogSetting.Format)).toMatchObject({ requestId: '$context.requestId', status: '$context.status' });
    expect(asText(logsOf('JobApiExecutionLogs')[1].Properties.LogGroupName)).toMatch(/^API-Gateway-Execution-Logs_\${JobApi\w+}\/v1$/);
    expect(synthesized.one('AWS::ApiGateway::Stage').DependsOn).toContain(logsOf('JobApiExecutionLogs')[0]);
  });

  test('leaves the role of the account alone with which API Gateway writes logs', () => {
    expect(synthesized.entries('AWS::ApiGateway::Account')).toEqual([]);
  });

  test('all its functions and its dead-letter queue are told to who watches it', () => {
    const stack = newStack();
    const pipeline = new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA });
    const api = make(stack, pipeline);
    expect(Object.keys(api.functions)).toEqual(['JobApi']);
    expect(api.functions.JobApi.timeout?.toSeconds()).toBe(29);
    expect(api.deadLetterQueue).toBe(pipeline.deadLetterQueue);
    expect(asText(stack.resolve(api.url))).toMatch(/^https:\/\/\${JobApi\w+}\.execute-api\.\${AWS::Region}\.\${AWS::URLSuffix}\/\${JobApi\w+}\/$/);
  });

  test('answers of API Gateway have the form of the function\'s own, with codes of the document', () => {
    const answers = synthesized.entries('AWS::ApiGateway::GatewayResponse').map(([, { Properties }]) => Properties);
    const types = answers.map(({ ResponseType }) => ResponseType);
    expect(types).toEqual(expect.arrayContaining(['DEFAULT_4XX', 'DEFAULT_5XX', 'BAD_REQUEST_BODY', 'THROTTLED', 'MISSING_AUTHENTICATION_TOKEN', 'ACCESS_DENIED']));
    const codes = answers.map(({ ResponseTemplates, ResponseType }) => {
      // Of no other text does API Gateway say that it comes in quotes.
      const text = ResponseTemplates['application/json'].replace('$context.error.messageString', '"what API Gateway says"');
      expect(text.match(/\$context[.\w]*/g)).toEqual(['$context.requestId']);
      const { error } = JSON.parse(text);
      expect(error).toMatchObject({ message: expect.any(String), requestId: '$context.requestId' });
      expect([ResponseType, 'field' in error]).toEqual([ResponseType, ResponseType.startsWith('BAD_REQUEST_')]);
      return error.code as string;
    });
    const ofTheFunction: string[] = Object.keys(API_ERRORS);
    expect([...new Set(codes)].sort()).toEqual([...refusedCodes().filter((code) => code !== 'route_not_found'), 'invalid_request'].sort());
    expect(codes.filter((code) => ofTheFunction.includes(code)).every((code) => ['invalid_request', 'internal_error'].includes(code))).toBe(true);
  });
});

describe('takes over from its pipeline', () => {
  test('names, log retention, removal policy and tags', () => {
    const synthesized = synthesizeApi({
      environmentSuffix: 'dev', logRetention: logs.RetentionDays.ONE_WEEK, removalPolicy: RemovalPolicy.DESTROY, tags: { Project: 'ETL' },
    });
    const ofApi = (type: string) => synthesized.entries(type).filter(([id]) => id.startsWith('JobApi')).map(([, resource]) => resource);
    const groups = ofApi('AWS::Logs::LogGroup');
    expect(groups.map(({ Properties }) => asText(Properties.LogGroupName)).sort()).toEqual([
      expect.stringMatching(/^API-Gateway-Execution-Logs_/), 'log-group-pipeline-job-api-access-dev', 'log-group-pipeline-job-api-dev',
    ]);
    for (const { Properties, DeletionPolicy } of groups) expect([Properties.RetentionInDays, DeletionPolicy]).toEqual([7, 'Delete']);
    expect(synthesized.one('AWS::ApiGateway::RestApi').Properties).toMatchObject({ Name: 'api-pipeline-jobs-dev', Tags: [{ Key: 'Project', Value: 'ETL' }] });
    expect(synthesized.one('AWS::Lambda::Function', 'JobApiHandler').Properties.FunctionName).toBe('function-pipeline-job-api-dev');
    expect(stageOf(synthesized).Tags).toEqual([{ Key: 'Project', Value: 'ETL' }]);
    const kept = Object.entries(synthesized.template.toJSON().Resources as Record<string, { DeletionPolicy?: string }>)
      .filter(([id, { DeletionPolicy }]) => id.startsWith('JobApi') && DeletionPolicy !== undefined && DeletionPolicy !== 'Delete');
    expect(kept).toEqual([]);
  });

  test('which files start jobs, and how long they can be resumed', () => {
    const synthesized = synthesizeApi({ suffixes: ['.CSV'], prefixes: { incoming: 'raw/' }, resumeWindow: Duration.hours(2) });
    expect(environmentOf(synthesized)).toMatchObject({ INCOMING_PREFIX: 'raw/', FILE_SUFFIXES: '[".csv"]', RESUME_WINDOW_SECONDS: '7200' });
  });

  test('its regions, where it has two', () => {
    const stack = new Stack(new App(), 'Standby', { env: { account: '111122223333', region: 'eu-west-1' } });
    make(stack, new CsvChunkPipeline(stack, 'Pipeline', {
      schema: SCHEMA,
      environmentSuffix: 'qa',
      intake: Intake.manual(),
      disasterRecovery: DisasterRecovery.standby({ primaryRegion: 'us-east-1', pipelineId: 'Primary/Pipeline-qa' }),
    }));
    const variables = environmentOf(new Synthesized(stack));
    expect(variables).toMatchObject({ OWN_REGION: 'eu-west-1', PRIMARY_REGION: 'us-east-1', OWN_BUCKET_NAME: expect.stringContaining('eu-west-1') });
    expect(environmentOf(synthesizeApi())).not.toHaveProperty('OWN_REGION');
  });
});

/** One line for each action and resource. */
function permissions(synthesized: Synthesized, rolePart: string): string[] {
  const [[roleId]] = synthesized.entries('AWS::IAM::Role').filter(([id]) => id.startsWith(rolePart));
  const asList = <T>(value: T | T[]): T[] => Array.isArray(value) ? value : [value];
  return synthesized.entries('AWS::IAM::Policy')
    .filter(([, { Properties }]) => Properties.Roles?.some(({ Ref }: any) => Ref === roleId))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
    .flatMap(({ Action, Resource, Condition }) => asList(Resource).map((resource) => (
      `${asList(Action).sort().join(', ')} | ${readable(asText(resource))}${Condition === undefined ? '' : ` if ${JSON.stringify(Condition)}`}`)))
    .sort();
}

function readable(resource: string): string {
  return resource
    .replace(/\${PipelineStorageBucket\w+?\.Arn}/, '{bucket}')
    .replace(/\${PipelineJobTable\w+?\.Arn}/, '{table}')
    .replace(/\${PipelineDeadLetters\w+?\.Arn}/, '{dead letters}')
    .replace(/\${JobApiHandlerLogs\w+?\.Arn}/, '{logs}')
    .replace(/\${PipelineWorkflowStateMachine\w+}/, '{state machine}')
    .replace(/\${Key\w+\.Arn}/, '{key}')
    .replace(/^arn:.*:states:.*:execution:.*$/, '{state machine}:*')
    .replace(/^arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${JobApi\w+}/, '{api}');
}

const RIGHTS = [
  'logs:CreateLogStream, logs:PutLogEvents | {logs}',
  'xray:PutTelemetryRecords, xray:PutTraceSegments | *',
  'sqs:SendMessage | {dead letters}',
  'dynamodb:GetItem, dynamodb:Query | {table}',
  'dynamodb:Query | {table}/index/TimestampIndex',
  'states:StartExecution | {state machine}',
  'states:DescribeExecution | {state machine}:*',
  ...['incoming', 'processed', 'failed'].map((prefix) => `s3:GetObject, s3:GetObjectVersion | {bucket}/${prefix}/*`),
  's3:ListBucket | {bucket}',
  's3:GetObject | {bucket}/reports/*',
  's3:ListBucket | {bucket} if {"StringLike":{"s3:prefix":["reports/*"]}}',
  's3:GetObject | {bucket}/quarantine/*',
  's3:ListBucket | {bucket} if {"StringLike":{"s3:prefix":["quarantine/*"]}}',
  's3:GetObject | {bucket}/output/*/_manifest.json*',
];

describe('rights', () => {
  test('of the function: it reads, and starts executions; it writes nothing', () => {
    expect(permissions(synthesizeApi(), 'JobApiHandlerRole')).toEqual([...RIGHTS].sort());
  });

  test('with a key of the pipeline it may decrypt, and no more', () => {
    const stack = newStack();
    make(stack, new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, encryptionKey: new kms.Key(stack, 'Key') }));
    const found = permissions(new Synthesized(stack), 'JobApiHandlerRole');
    expect([...new Set(found)]).toEqual([...RIGHTS, 'kms:Decrypt | {key}'].sort());
  });

  test('under former prefixes it has the same', () => {
    const found = permissions(synthesizeApi({ prefixes: { output: 'out/' }, formerPrefixes: [{}] }), 'JobApiHandlerRole');
    expect(found.filter((line) => line.includes('_manifest'))).toEqual(['s3:GetObject | {bucket}/out/*/_manifest.json*', 's3:GetObject | {bucket}/output/*/_manifest.json*']);
  });

  const granted = (grant: 'grantInvoke' | 'grantRead', props: (stack: Stack) => Partial<JobApiProps> = () => ({})) => {
    const stack = newStack();
    const api = make(stack, new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA }), props(stack));
    const { success } = api[grant](new iam.Role(stack, 'Caller', { assumedBy: new iam.AccountRootPrincipal() }));
    return { success, lines: success ? permissions(new Synthesized(stack), 'Caller').map((line) => line.replace(/\${JobApi\w+}/g, '{stage}')) : [] };
  };

  test('grantRead allows the routes that change nothing, grantInvoke all', () => {
    const reading = ['GET/jobs', 'GET/jobs/*/report', 'GET/status/*'].map((route) => `execute-api:Invoke | {api}/v1/${route}`);
    expect(granted('grantRead')).toEqual({ success: true, lines: reading.sort() });
    expect(granted('grantInvoke')).toEqual({ success: true, lines: [...reading, 'execute-api:Invoke | {api}/v1/POST/trigger'].sort() });
  });

  test('to a role of another account the policy of the API says so too', () => {
    const stack = newStack();
    const api = make(stack, new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA }));
    api.grantRead(iam.Role.fromRoleArn(stack, 'Partner', 'arn:aws:iam::999999999999:role/partner'));
    expect(new Synthesized(stack).one('AWS::ApiGateway::RestApi').Properties.Policy.Statement).toMatchObject([{
      Effect: 'Allow',
      Action: 'execute-api:Invoke',
      Principal: { AWS: 'arn:aws:iam::999999999999:role/partner' },
      Resource: ['execute-api:/v1/GET/status/*', 'execute-api:/v1/GET/jobs', 'execute-api:/v1/GET/jobs/*/report'],
    }]);
  });

  test('with an authorizer of one\'s own a grant says that it does nothing', () => {
    expect(granted('grantInvoke', (stack) => ({ authorizer: authorizer(stack) })).success).toBe(false);
  });
});

test('passes the AWS Solutions checks, but for what is acknowledged with a reason', () => {
  const acknowledged = [
    // Callers sign as IAM principals; a user pool is one of the authorizers that may be chosen.
    /^AwsSolutions-COG4$/,
    // A web ACL belongs to the account's firewall rules: `api.deploymentStage.stageArn` takes one.
    /^AwsSolutions-APIG3$/,
    // As for the pipeline's own functions: test/nag.test.ts.
    /^AwsSolutions-L1$/,
    /^AwsSolutions-IAM5\[Resource::\*\]$/,
    /^AwsSolutions-IAM5\[Resource::<PipelineStorageBucket\w+\.Arn>\/(incoming|processed|failed|quarantine|reports)\/\*\]$/,
    /^AwsSolutions-IAM5\[Resource::<PipelineStorageBucket\w+\.Arn>\/output\/\*\/_manifest\.json\*\]$/,
    // Any execution of the one state machine: it asks whether one of its name was started.
    /^AwsSolutions-IAM5\[Resource::arn:.*:execution:.*:\*\]$/,
  ];
  const stack = newStack();
  const api = make(stack, new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA }));
  const found = [...new Set(new AwsSolutionsChecks(api).validateScope(api).violations.map(({ ruleName }) => ruleName))];
  expect(found.filter((id) => !acknowledged.some((pattern) => pattern.test(id)))).toEqual([]);
  expect(acknowledged.filter((pattern) => !found.some((id) => pattern.test(id)))).toEqual([]);
});

test('every route is one of the contract, in a stack of its own too', () => {
  const stack = newStack();
  const pipeline = new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA });
  const other = new Stack(stack.node.root, 'Other');
  make(other, pipeline);
  expect(new Synthesized(other).entries('AWS::ApiGateway::Method')).toHaveLength(Object.keys(JOB_API_ROUTES).length);
});
