import { Duration, Names, Size } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { AroundFunction } from './around-function';
import { checkAroundProps } from './given-around-props';
import { gatewayResponses } from './job-api-responses';
import { namesBeside } from './names-beside';
import { takeOverTags } from './take-over-tags';
import { ApiRoute, JOB_API_ROUTES } from '../contract/api-routes';
import { Env, JOB_API_ENV } from '../contract/env';
import { fileKeysEnv } from '../contract/file-keys';
import { TIMESTAMP_INDEX } from '../contract/job-item';
import { ICsvChunkPipeline } from '../i-csv-chunk-pipeline';
import { IMonitored } from '../options/i-monitored';
import { TypesOf } from '../synth/construct-props';
import { checkInteger, checkNumber, checkSeconds } from '../synth/prop-checks';
import { checkGrantee, isDuration, isListOf, isNumber, isTextOrToken, isWith } from '../synth/prop-types';

const STAGE = 'v1';
const READING = Object.values(JOB_API_ROUTES).filter(({ method }) => method === 'GET');

/** What `JobApi` takes. */
export interface JobApiProps {
  /** Whose jobs the API tells of and starts. */
  readonly pipeline: ICsvChunkPipeline;

  /**
   * Who may call it. One of type `NONE` is refused: the API is never open to everybody.
   *
   * @default - IAM: callers sign their requests (Signature Version 4) and have been granted `grantInvoke` or `grantRead`
   */
  readonly authorizer?: apigateway.IAuthorizer;

  /**
   * Scopes of OAuth, of which a token must hold one. For an authorizer of Cognito alone.
   *
   * @default - none, so that the authorizer alone decides
   */
  readonly authorizationScopes?: string[];

  /**
   * Requests a second, of all callers together; those above are answered with 429.
   *
   * @default 10
   */
  readonly rateLimit?: number;

  /**
   * Requests at once, of all callers together, before `rateLimit` holds.
   *
   * @default 20
   */
  readonly burstLimit?: number;

  /**
   * How long the links to a report, to rejected records and to a manifest can be used, by whoever has them: 1 minute to
   * 1 hour. S3 refuses a link sooner where the credentials of the function end that have signed it.
   *
   * @default Duration.minutes(15)
   */
  readonly linkExpiry?: Duration;
}

const TYPES: TypesOf<Omit<JobApiProps, 'pipeline'>> = {
  authorizer: isWith('authorizerId', 'an authorizer (apigateway.IAuthorizer)'),
  authorizationScopes: isListOf(isTextOrToken),
  rateLimit: isNumber,
  burstLimit: isNumber,
  linkExpiry: isDuration,
};

/**
 * A REST API that tells how jobs stand, and starts, resumes and repeats them: `GET /status/{jobId}`, `GET /jobs`,
 * `GET /jobs/{jobId}/report` and `POST /trigger`.
 *
 * API Gateway writes its logs with a role that is set once for an account and region. Where there is none yet the
 * deployment fails, and says so: set it with `apigateway.CfnAccount` (docs/job-api.md shows how). The construct leaves
 * it alone, because it belongs to every API of the account.
 *
 * @example
 * import { CfnOutput, Stack } from 'aws-cdk-lib';
 * import { CsvChunkPipeline, JobApi } from 'cdk-csv-chunk-pipeline';
 *
 * declare const stack: Stack;
 * declare const pipeline: CsvChunkPipeline;
 * const api = new JobApi(stack, 'JobApi', { pipeline });
 * new CfnOutput(stack, 'JobApiUrl', { value: api.url });
 */
export class JobApi extends Construct implements IMonitored {
  /** The API itself, for metrics, a domain name, CORS and whatever else API Gateway has. */
  public readonly api: apigateway.RestApi;

  /** The API's address, `https://….amazonaws.com/v1/`. */
  public readonly url: string;

  /** `JobApi`. */
  public readonly functions: { [step: string]: lambda.Function };

  /** That of the pipeline. The function never uses it, because its callers wait for its answers. */
  public readonly deadLetterQueue: sqs.IQueue;

  private readonly isOpenToIam: boolean;

  constructor(scope: Construct, id: string, props: JobApiProps) {
    super(scope, id);
    checkAroundProps(this, 'JobApi', props, TYPES);
    const { pipeline } = props;
    const access = accessOf(props);
    const linkExpiry = checkSeconds('linkExpiry', props.linkExpiry ?? Duration.minutes(15), { min: Duration.minutes(1), max: Duration.hours(1) });

    const handler = new AroundFunction(this, 'Handler', {
      pipeline,
      stem: 'job-api',
      description: 'Tells how jobs stand, and starts, resumes and repeats them',
      environment: {
        JOB_TABLE_NAME: pipeline.jobTable.tableName,
        OUTPUT_BUCKET_NAME: pipeline.outputBucket.bucketName,
        ...fileKeysEnv({
          sourceBucket: pipeline.sourceBucket.bucketName,
          incomingPrefix: pipeline.prefixes.incoming,
          fileSuffixes: pipeline.suffixes,
          suffixCase: pipeline.suffixCase,
        }),
        STATE_MACHINE_ARN: pipeline.stateMachine.stateMachineArn,
        RESUME_WINDOW_SECONDS: String(pipeline.resumeWindow.toSeconds()),
        LINK_EXPIRY_SECONDS: String(linkExpiry.toSeconds()),
        ...pipeline._regionsEnvironment,
      } satisfies Env<typeof JOB_API_ENV>,
      memorySize: Size.mebibytes(512),
      // As long as API Gateway waits.
      timeout: Duration.seconds(29),
    });
    grantAnswers(handler, pipeline);

    this.api = new apigateway.RestApi(this, 'Api', {
      // Metrics are those of all APIs of one name, and the CDK's own would be `Api`.
      restApiName: namesBeside(this, pipeline).resourceName('api', 'jobs') ?? Names.uniqueResourceName(this, {}),
      description: `Jobs of ${pipeline.pipelineId}`,
      endpointTypes: [apigateway.EndpointType.REGIONAL],
      // That of the account: see above.
      cloudWatchRole: false,
      deployOptions: stageOptions(this, props),
    });
    // The CDK's own output of the address: whoever wants one makes it, by a name of their own.
    this.api.node.tryRemoveChild('Endpoint');
    keepExecutionLogs(this, this.api, pipeline);
    addRoutes(this.api, handler.function, access);
    gatewayResponses(this.api);
    takeOverTags(this, pipeline);

    this.isOpenToIam = access.authorizer === undefined;
    this.url = this.api.url;
    this.functions = { JobApi: handler.function };
    this.deadLetterQueue = pipeline.deadLetterQueue;
  }

  /** Allows to call every route. Where an `authorizer` decides instead of IAM, nothing is granted, and the grant says so. */
  public grantInvoke(grantee: iam.IGrantable): iam.Grant {
    return this.grantRoutes(grantee, Object.values(JOB_API_ROUTES));
  }

  /** Allows to call the routes that change nothing, as `grantInvoke` does. */
  public grantRead(grantee: iam.IGrantable): iam.Grant {
    return this.grantRoutes(grantee, READING);
  }

  private grantRoutes(grantee: iam.IGrantable, routes: readonly ApiRoute[]): iam.Grant {
    checkGrantee(grantee);
    if (!this.isOpenToIam) return iam.Grant.drop(grantee, 'the API has an authorizer of its own, which decides in place of IAM');
    return iam.Grant.addToPrincipalOrResource({
      grantee,
      actions: ['execute-api:Invoke'],
      resourceArns: routes.map(({ method, path }) => this.api.arnForExecuteApi(method, path.replace(/{\w+}/g, '*'), STAGE)),
      resource: this.api,
      // A policy cannot name the API that it is part of.
      resourceSelfArns: routes.map(({ method, path }) => `execute-api:/${STAGE}/${method}${path.replace(/{\w+}/g, '*')}`),
    });
  }
}

/** Reads jobs and what they have left, looks whether files are there, and starts executions: it writes nothing itself. */
function grantAnswers(handler: AroundFunction, pipeline: ICsvChunkPipeline): void {
  const { jobTable, stateMachine } = pipeline;
  const allow = (actions: string[], resourceArns: string[]) => iam.Grant.addToPrincipal({ grantee: handler, actions, resourceArns });
  allow(['dynamodb:GetItem', 'dynamodb:Query'], [jobTable.tableArn]);
  allow(['dynamodb:Query'], [`${jobTable.tableArn}/index/${TIMESTAMP_INDEX.name}`]);
  jobTable.encryptionKey?.grantDecrypt(handler);
  stateMachine.grantStartExecution(handler);
  stateMachine.grantExecution(handler, 'states:DescribeExecution');
  pipeline.grantReadSource(handler);
  pipeline.grantReadReports(handler);
  pipeline.grantReadQuarantine(handler);
  pipeline.grantReadManifests(handler);
  // Without it S3 answers 403, not 404, for an object that is gone; a request for an object carries no `s3:prefix`.
  allow(['s3:ListBucket'], [pipeline.outputBucket.bucketArn]);
}

function stageOptions(scope: Construct, { pipeline, rateLimit = 10, burstLimit = 20 }: JobApiProps): apigateway.StageOptions {
  const accessLogs = new logs.LogGroup(scope, 'AccessLogs', {
    logGroupName: namesBeside(scope, pipeline).resourceName('log-group', 'job-api-access'),
    retention: pipeline.resourceDefaults.logRetention,
    removalPolicy: pipeline.resourceDefaults.removalPolicy,
  });
  return {
    stageName: STAGE,
    accessLogDestination: new apigateway.LogGroupLogDestination(accessLogs),
    accessLogFormat: apigateway.AccessLogFormat.jsonWithStandardFields(),
    loggingLevel: apigateway.MethodLoggingLevel.ERROR,
    // Bodies hold links that anybody can use.
    dataTraceEnabled: false,
    tracingEnabled: true,
    throttlingRateLimit: checkNumber('rateLimit', rateLimit, { min: 1 }),
    throttlingBurstLimit: checkInteger('burstLimit', burstLimit, { min: 1 }),
  };
}

/** API Gateway would make this log group itself, to be kept for ever, and left behind when the stack is deleted. */
function keepExecutionLogs(scope: Construct, api: apigateway.RestApi, { resourceDefaults }: ICsvChunkPipeline): void {
  const executionLogs = new logs.LogGroup(scope, 'ExecutionLogs', {
    logGroupName: `API-Gateway-Execution-Logs_${api.restApiId}/${STAGE}`,
    retention: resourceDefaults.logRetention,
    removalPolicy: resourceDefaults.removalPolicy,
  });
  api.deploymentStage.node.addDependency(executionLogs);
}

type Access = Pick<apigateway.MethodOptions, 'authorizationType' | 'authorizer' | 'authorizationScopes'>;

/** An authorizer of no type, or of type NONE, would leave every method open to everybody. */
function accessOf({ authorizer, authorizationScopes: scopes }: JobApiProps): Access {
  const { CUSTOM, COGNITO, IAM } = apigateway.AuthorizationType;
  const type = authorizer?.authorizationType;
  if (authorizer !== undefined && type !== CUSTOM && type !== COGNITO) {
    throw new Error(`authorizer must be one of type ${CUSTOM} or ${COGNITO}, or left out for IAM, got ${type ?? 'none'}`);
  }
  if (scopes !== undefined && type !== COGNITO) {
    const got = type === undefined ? 'none' : `one of type ${type}`;
    throw new Error(`authorizationScopes must be left out where the authorizer is none of Cognito, got ${got}`);
  }
  if (scopes?.length === 0) throw new Error('authorizationScopes must hold at least one, got none');
  return authorizer === undefined ? { authorizationType: IAM } : { authorizer, authorizationScopes: scopes };
}

function addRoutes(api: apigateway.RestApi, handler: lambda.IFunction, access: Access): void {
  const integration = new apigateway.LambdaIntegration(handler, { allowTestInvoke: false });
  const requestValidator = api.addRequestValidator('Requests', { validateRequestBody: true, validateRequestParameters: true });
  // What is no request at all; what is wrong with one the function says, with the field. It reads bodies of other types
  // than this one as JSON too: API Gateway hands them on as they are.
  const triggerModel = api.addModel('TriggerRequest', {
    contentType: 'application/json',
    schema: {
      schema: apigateway.JsonSchemaVersion.DRAFT4,
      title: 'TriggerRequest',
      type: apigateway.JsonSchemaType.OBJECT,
      required: ['action'],
    },
  });
  for (const route of Object.values<ApiRoute>(JOB_API_ROUTES)) {
    api.root.resourceForPath(route.path).addMethod(route.method, integration, {
      ...access,
      requestValidator,
      requestParameters: parametersOf(route),
      ...route.method === 'POST' ? { requestModels: { 'application/json': triggerModel } } : {},
    });
  }
}

/** Each with whether it must be there: only what is in the path. */
function parametersOf({ path, query = [], headers = [] }: ApiRoute): Record<string, boolean> {
  const inPath = [...path.matchAll(/{(\w+)}/g)].map(([, name]) => name);
  return {
    ...Object.fromEntries(inPath.map((name) => [`method.request.path.${name}`, true])),
    ...Object.fromEntries(query.map((name) => [`method.request.querystring.${name}`, false])),
    ...Object.fromEntries(headers.map((name) => [`method.request.header.${name}`, false])),
  };
}
