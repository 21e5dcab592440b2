import { CfnResource, Duration } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as events from 'aws-cdk-lib/aws-events';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { IConstruct } from 'constructs';
import { ICsvChunkPipeline } from '../i-csv-chunk-pipeline';
import type { QualityCheck } from './quality-check';
import { IMonitored } from '../options/i-monitored';
import { visibleJson } from '../spec/visible-text';
import { kebab } from '../synth/kebab';

/** Of several of a kind, each by a name that alarms and widgets end with. */
export interface Watched {
  /** `title` is for people: `ValidateFile`. */
  readonly functions: ReadonlyArray<{ readonly name: string; readonly title: string; readonly function: lambda.Function }>;
  /** The name of the pipeline's own is empty. */
  readonly deadLetterQueues: ReadonlyArray<{ readonly name: string; readonly queue: sqs.IQueue }>;
  /** The others: messages wait there for whoever reads them. */
  readonly queues: ReadonlyArray<{ readonly name: string; readonly queueName: string }>;
  /** By which a part answers. */
  readonly restApis: ReadonlyArray<{ readonly name: string; readonly apiName: string }>;
  /** That of the pipeline, if it is among the parts. */
  readonly qualityCheck?: QualityCheck;
  /** Of the default event bus. */
  readonly rules: ReadonlyArray<{ readonly name: string; readonly ruleName: string; readonly startsFiles: boolean }>;
}

/**
 * What is watched of a pipeline and of the parts around it. Queues, APIs and rules are those that are in them by now.
 *
 * @throws Error two parts have one id, so that their alarms would have one name
 */
export function watchedOf(pipeline: ICsvChunkPipeline, around: readonly IMonitored[]): Watched {
  const parts = [{ part: pipeline as IMonitored, prefix: '' }, ...around.map((part) => ({ part, prefix: kebab(part.node.id) }))];
  for (const { part, prefix } of parts) {
    const twin = parts.find((other) => other.part !== part && other.prefix === prefix);
    if (twin === undefined) continue;
    throw new Error(`around must be parts whose ids differ in letters or digits, got ${visibleJson(part.node.path)} and ${visibleJson(twin.part.node.path)}`);
  }
  const named = (prefix: string, name: string) => [prefix, name].filter((word) => word !== '').join('-');
  const deadLetterQueues = parts.map(({ part, prefix }) => ({ name: prefix, queue: part.deadLetterQueue }));
  const isDeadLetterQueue = (queue: sqs.CfnQueue) => deadLetterQueues.some((other) => other.queue.node.defaultChild === queue);
  const startRules = pipeline.startRules.map((rule) => rule.node.defaultChild);
  const resources = <Resource extends CfnResource>(type: string) => parts.flatMap(({ part, prefix }) => resourcesOf<Resource>(type, part, parts)
    .map(({ resource, path }) => ({ name: named(prefix, kebab(path)), resource })));
  return {
    functions: parts.flatMap(({ part, prefix }) => Object.entries(part.functions)
      .map(([step, fn]) => ({ name: named(prefix, kebab(step)), title: prefix === '' ? step : `${part.node.id} ${step}`, function: fn }))),
    // Parts may share a queue, most often the pipeline's.
    deadLetterQueues: deadLetterQueues.filter(({ queue }, index) => deadLetterQueues.findIndex((other) => other.queue === queue) === index),
    queues: resources<sqs.CfnQueue>(sqs.CfnQueue.CFN_RESOURCE_TYPE_NAME).filter(({ resource }) => !isDeadLetterQueue(resource))
      .map(({ name, resource }) => ({ name, queueName: resource.attrQueueName })),
    restApis: resources<apigateway.CfnRestApi>(apigateway.CfnRestApi.CFN_RESOURCE_TYPE_NAME)
      // The metrics of one that an OpenAPI document names cannot be known here.
      .flatMap(({ name, resource: { name: apiName } }) => apiName === undefined ? [] : [{ name, apiName }]),
    qualityCheck: around.find((part): part is QualityCheck => isQualityCheck(part) && part._pipeline === pipeline),
    rules: resources<events.CfnRule>(events.CfnRule.CFN_RESOURCE_TYPE_NAME).filter(({ resource: { eventBusName } }) => eventBusName === undefined)
      .map(({ name, resource }) => ({ name, ruleName: resource.ref, startsFiles: startRules.includes(resource) })),
  };
}

/** By what it has, not the class: an app may have loaded the library twice. */
function isQualityCheck(part: IMonitored): part is QualityCheck {
  return 'metricFindings' in part && '_pipeline' in part;
}

/** By the type, not the class: an app may have loaded the CDK twice. One part may stand in another. */
function resourcesOf<Resource extends CfnResource>(type: string, part: IConstruct, parts: ReadonlyArray<{ readonly part: IConstruct }>) {
  const isOfPart = (node: IConstruct) => [...node.node.scopes].reverse().find((scope) => parts.some((other) => other.part === scope)) === part;
  return part.node.findAll()
    .filter((node): node is Resource => CfnResource.isCfnResource(node) && node.cfnResourceType === type && isOfPart(node))
    .map((resource) => ({ resource, path: resource.node.path.slice(part.node.path.length).replace(/\/Resource$/, '') }));
}

/** That of Lambda, where a function has none of its own. */
const DEFAULT_TIMEOUT = Duration.seconds(3);

export function timeoutOf({ timeout }: lambda.Function): Duration {
  return timeout ?? DEFAULT_TIMEOUT;
}
