/**
 * The Amazon States Language, as far as the workflow of a pipeline speaks it: a definition becomes states that can be
 * run, once. What is not known here is refused by its name.
 */
import { Fields } from './fields';
import { compileExpression, compileParameters, compileResultPath, Expression, ResultPath } from './paths';

export interface Flow {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
  readonly timeoutMs?: number;
}

export type State = Task | DistributedMap | Choice | Succeed | Fail;

/** What can fail, be tried again and be caught. */
interface Work {
  readonly name: string;
  readonly retriers: readonly Retrier[];
  readonly catchers: readonly Catcher[];
  readonly resultPath: ResultPath;
  readonly output: Expression;
  /** None: the execution has succeeded. */
  readonly next?: string;
}

export interface Task extends Work {
  readonly type: 'Task';
  readonly resource: string;
  readonly payload: Expression;
  readonly timeoutMs?: number;
}

export interface DistributedMap extends Work {
  readonly type: 'Map';
  readonly reader: S3Place;
  readonly writer?: S3Place;
  readonly maxConcurrency: number;
  readonly child: Flow;
}

export interface S3Place {
  readonly bucket: Expression;
  /** For a writer, what its keys begin with. */
  readonly key: Expression;
}

export interface Choice {
  readonly type: 'Choice';
  readonly name: string;
  readonly rules: ReadonlyArray<{ readonly comparisons: readonly Comparison[]; readonly next: string }>;
}

/** `StringEquals`. A rule of several holds where one of them does. */
export interface Comparison {
  readonly variable: Expression;
  readonly text: string;
}

export interface Succeed {
  readonly type: 'Succeed';
}

export interface Fail {
  readonly type: 'Fail';
  readonly error?: Expression;
  readonly cause?: Expression;
}

export interface Retrier {
  readonly errors: readonly string[];
  readonly intervalMs: number;
  readonly backoffRate: number;
  readonly maxDelayMs: number;
  readonly maxAttempts: number;
  readonly jitter: 'FULL' | 'NONE';
}

export interface Catcher {
  readonly errors: readonly string[];
  readonly resultPath: ResultPath;
  readonly next: string;
}

/** The names of the service that a Retry or a Catch may tell apart. All others that begin so would be a fault of spelling. */
const STATES_ERRORS = [
  'States.ALL', 'States.Timeout', 'States.ItemReaderFailed', 'States.ResultWriterFailed', 'States.ExceedToleratedFailureThreshold',
  'States.DataLimitExceeded',
];
/** Where a definition sets no MaxDelaySeconds: the longest that the service takes. */
const LONGEST_DELAY_SECONDS = 31_622_400;
/** Where a definition sets no MaxConcurrency, or 0. */
const MOST_CHILDREN = 10_000;

export function compileStateMachine(definition: unknown): Flow {
  return Fields.read('state machine', definition, (fields) => {
    fields.oneOf('QueryLanguage', ['JSONPath'], 'JSONPath');
    fields.value('Comment');
    return { ...flow(fields), timeoutMs: timeout(fields) };
  });
}

function flow(fields: Fields): Flow {
  const states = new Map(fields.entries('States').map(([name, json]) => [name, Fields.read(name, json, (state) => compileState(name, state))]));
  const startAt = fields.text('StartAt');
  const targets = [startAt, ...[...states.values()].flatMap(targetsOf)];
  for (const target of targets) {
    if (!states.has(target)) throw new Error(`${fields.where}: expected one of the states ${[...states.keys()].join(', ')}, got ${target}`);
  }
  return { startAt, states };
}

function targetsOf(state: State): string[] {
  switch (state.type) {
    case 'Task':
    case 'Map':
      return [...state.next === undefined ? [] : [state.next], ...state.catchers.map(({ next }) => next)];
    case 'Choice':
      return state.rules.map(({ next }) => next);
    case 'Succeed':
    case 'Fail':
      return [];
  }
}

function compileState(name: string, fields: Fields): State {
  fields.value('Comment');
  const type = fields.oneOf('Type', ['Task', 'Map', 'Choice', 'Succeed', 'Fail']);
  switch (type) {
    case 'Task': return task(name, fields);
    case 'Map': return distributedMap(name, fields);
    case 'Choice': return { type, name, rules: fields.list('Choices', choiceRule) };
    case 'Succeed': return { type };
    case 'Fail': return { type, error: textOrPath(fields, 'Error', 'ErrorPath'), cause: textOrPath(fields, 'Cause', 'CausePath') };
  }
}

function task(name: string, fields: Fields): Task {
  const resource = fields.text('Resource');
  if (resource.includes(':states:::')) fields.refuse('Resource', 'a Lambda function');
  return {
    ...work(name, fields),
    type: 'Task',
    resource,
    payload: fields.has('Parameters') ? compileParameters(`${name}.Parameters`, fields.value('Parameters')) : (input) => input,
    timeoutMs: timeout(fields),
  };
}

function distributedMap(name: string, fields: Fields): DistributedMap {
  // Its result would be where the children's results were written, which nothing here makes up.
  if (fields.value('ResultPath') !== null) fields.refuse('ResultPath', 'null');
  // Names the children's metrics, and changes nothing that they do.
  fields.value('Label');
  return {
    ...work(name, fields),
    type: 'Map',
    reader: fields.object('ItemReader', (reader) => {
      reader.object('ReaderConfig', (config) => config.oneOf('InputType', ['JSON']));
      return s3Place(reader, 'getObject', 'Key');
    }),
    writer: fields.has('ResultWriter') ? fields.object('ResultWriter', (writer) => s3Place(writer, 'putObject', 'Prefix')) : undefined,
    maxConcurrency: fields.number('MaxConcurrency', { min: 0, otherwise: 0 }) || MOST_CHILDREN,
    child: fields.object('ItemProcessor', (processor) => {
      processor.object('ProcessorConfig', (config) => {
        config.oneOf('Mode', ['DISTRIBUTED']);
        config.oneOf('ExecutionType', ['STANDARD']);
      });
      return flow(processor);
    }),
  };
}

function s3Place(fields: Fields, call: string, key: string): S3Place {
  if (!fields.text('Resource').endsWith(`:states:::s3:${call}`)) fields.refuse('Resource', `s3:${call}`);
  const parameter = (parameters: Fields, name: string) => textOrPath(parameters, name, `${name}.$`) ?? parameters.refuse(name, `${name} or ${name}.$`);
  return fields.object('Parameters', (parameters) => ({ bucket: parameter(parameters, 'Bucket'), key: parameter(parameters, key) }));
}

function work(name: string, fields: Fields): Work {
  const retriers = fields.list('Retry', (json, where) => Fields.read(where, json, retrier));
  const catchers = fields.list('Catch', (json, where) => Fields.read(where, json, catcher));
  checkWildcard(`${name}.Retry`, retriers);
  checkWildcard(`${name}.Catch`, catchers);
  const ends = fields.has('End');
  if (ends && fields.value('End') !== true) fields.refuse('End', 'true');
  if (ends && fields.has('Next')) fields.refuse('Next', 'nothing beside End');
  return {
    name,
    retriers,
    catchers,
    resultPath: compileResultPath(`${name}.ResultPath`, fields.value('ResultPath')),
    output: output(name, fields),
    next: ends ? undefined : fields.text('Next'),
  };
}

function output(name: string, fields: Fields): Expression {
  if (!fields.has('OutputPath')) return (value) => value;
  const path = fields.value('OutputPath');
  return path === null ? () => ({}) : compileExpression(`${name}.OutputPath`, path);
}

function retrier(fields: Fields): Retrier {
  return {
    errors: errorNames(fields),
    intervalMs: fields.number('IntervalSeconds', { min: 1, otherwise: 1 }) * 1000,
    backoffRate: fields.number('BackoffRate', { min: 1, otherwise: 2, fraction: true }),
    maxDelayMs: fields.number('MaxDelaySeconds', { min: 1, otherwise: LONGEST_DELAY_SECONDS }) * 1000,
    maxAttempts: fields.number('MaxAttempts', { min: 0, otherwise: 3 }),
    jitter: fields.oneOf('JitterStrategy', ['FULL', 'NONE'], 'NONE'),
  };
}

function catcher(fields: Fields): Catcher {
  return {
    errors: errorNames(fields),
    resultPath: compileResultPath(`${fields.where}.ResultPath`, fields.value('ResultPath')),
    next: fields.text('Next'),
  };
}

function errorNames(fields: Fields): string[] {
  const names = fields.list('ErrorEquals', (name) => typeof name === 'string' ? name : fields.refuse('ErrorEquals', 'names of errors'));
  if (names.length === 0) fields.refuse('ErrorEquals', 'names of errors');
  for (const name of names) {
    if (name.startsWith('States.') && !STATES_ERRORS.includes(name)) fields.refuse('ErrorEquals', `of the names of States ${STATES_ERRORS.join(', ')}`);
  }
  return names;
}

function checkWildcard(where: string, rules: ReadonlyArray<{ readonly errors: readonly string[] }>): void {
  rules.forEach(({ errors }, index) => {
    if (errors.includes('States.ALL') && (errors.length > 1 || index < rules.length - 1)) {
      throw new Error(`${where}: expected States.ALL alone and last, got ${JSON.stringify(rules.map((rule) => rule.errors))}`);
    }
  });
}

function choiceRule(json: unknown, where: string): Choice['rules'][number] {
  return Fields.read(where, json, (fields) => ({
    comparisons: fields.has('Or') ? fields.list('Or', (one, at) => Fields.read(at, one, comparison)) : [comparison(fields)],
    next: fields.text('Next'),
  }));
}

function comparison(fields: Fields): Comparison {
  return { variable: compileExpression(`${fields.where}.Variable`, fields.value('Variable')), text: fields.text('StringEquals') };
}

/** A text may stand there as it is, or by its path under another name. */
function textOrPath(fields: Fields, name: string, pathName: string): Expression | undefined {
  if (fields.has(pathName)) {
    if (fields.has(name)) fields.refuse(pathName, `nothing beside ${name}`);
    return compileExpression(`${fields.where}.${pathName}`, fields.value(pathName));
  }
  if (!fields.has(name)) return undefined;
  const text = fields.text(name);
  return () => text;
}

function timeout(fields: Fields): number | undefined {
  return fields.has('TimeoutSeconds') ? fields.number('TimeoutSeconds', { min: 1, otherwise: 0 }) * 1000 : undefined;
}
