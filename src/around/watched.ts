import { CfnResource, Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { IConstruct } from 'constructs';
import { ICsvChunkPipeline } from '../i-csv-chunk-pipeline';
import { IMonitored } from '../options/i-monitored';
import { kebab } from '../synth/kebab';

/** Of several of a kind, each by a name that alarms and widgets end with. */
export interface Watched {
  /** `title` is for people: `ValidateFile`. */
  readonly functions: ReadonlyArray<{ readonly name: string; readonly title: string; readonly function: lambda.Function }>;
  /** The name of the pipeline's own is empty. */
  readonly deadLetterQueues: ReadonlyArray<{ readonly name: string; readonly queue: sqs.IQueue }>;
  /** Of the default event bus. */
  readonly rules: ReadonlyArray<{ readonly name: string; readonly ruleName: string }>;
}

/**
 * What is watched of a pipeline and of the parts around it. Rules are those that are there by now.
 *
 * @throws Error two parts have one id, so that their alarms would have one name
 */
export function watchedOf(pipeline: ICsvChunkPipeline, around: readonly IMonitored[]): Watched {
  const parts = [{ part: pipeline as IMonitored, prefix: '' }, ...around.map((part) => ({ part, prefix: kebab(part.node.id) }))];
  for (const { part, prefix } of parts) {
    const twin = parts.find((other) => other.part !== part && other.prefix === prefix);
    if (twin === undefined) continue;
    throw new Error(`around must be parts whose ids differ in letters or digits, got "${part.node.path}" and "${twin.part.node.path}"`);
  }
  const named = (prefix: string, name: string) => [prefix, name].filter((word) => word !== '').join('-');
  const queues = parts.map(({ part, prefix }) => ({ name: prefix, queue: part.deadLetterQueue }));
  return {
    functions: parts.flatMap(({ part, prefix }) => Object.entries(part.functions)
      .map(([step, fn]) => ({ name: named(prefix, kebab(step)), title: prefix === '' ? step : `${part.node.id} ${step}`, function: fn }))),
    // Parts may share a queue, most often the pipeline's.
    deadLetterQueues: queues.filter(({ queue }, index) => queues.findIndex((other) => other.queue === queue) === index),
    rules: parts.flatMap(({ part, prefix }) => rulesOf(part).map(({ rule, path }) => ({ name: named(prefix, kebab(path)), ruleName: rule.ref }))),
  };
}

/** By the type, not the class: an app may have loaded the CDK twice. */
function rulesOf(part: IConstruct): Array<{ readonly rule: events.CfnRule; readonly path: string }> {
  return part.node.findAll()
    .filter((node): node is events.CfnRule => CfnResource.isCfnResource(node) && node.cfnResourceType === events.CfnRule.CFN_RESOURCE_TYPE_NAME)
    .filter(({ eventBusName }) => eventBusName === undefined)
    .map((rule) => ({ rule, path: rule.node.path.slice(part.node.path.length).replace(/\/Resource$/, '') }));
}

/** That of Lambda, where a function has none of its own. */
const DEFAULT_TIMEOUT = Duration.seconds(3);

export function timeoutOf({ timeout }: lambda.Function): Duration {
  return timeout ?? DEFAULT_TIMEOUT;
}
