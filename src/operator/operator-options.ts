/** The arguments of the operator's commands, and their help. */
import { parseArgs, ParseArgsConfig } from 'node:util';
import { WrongArguments } from './operator-error';
import { visible, visibleJson } from '../spec/visible-text';

const PIPELINE_HELP = `  --pipeline NAME   its id as in events, metrics and reports (TapStack-dev/Tap-dev); or its stack's name, where the stack
                    holds one pipeline
  --sweep-function NAME
                    name or ARN of its SweepJobs function, by which a pipeline is found that has no stack, such as one
                    of Terraform (terraform output -raw sweep_function); --pipeline may be left out beside it`;
const WAIT_HELP = `  --wait            until the executions have ended
  --timeout TIME    for --wait; default 2h`;
const COMMON_HELP = `
TIME is a number with s, m, h or d: 90s, 30m, 12h, 14d.
Region and credentials are found as by the AWS CLI (AWS_PROFILE, AWS_REGION …).
`;

export const USAGES = {
  jobs: `Usage: csv-chunk-pipeline jobs --pipeline NAME [options]

Lists the open jobs and the failed ones: which file, since when, why, and whether it can be resumed.

${PIPELINE_HELP}
  --status WORD     open, failed, succeeded or all; default: open and failed
  --since TIME      jobs that ended longer ago are left out, open ones never; default 14d
  --json            a line of JSON for each job
  --help
${COMMON_HELP}Exit status: 0 listed, 1 a call failed, 2 bad usage.
`,
  resume: `Usage: csv-chunk-pipeline resume --pipeline NAME FILE_ID… [options]
       csv-chunk-pipeline resume --pipeline NAME --all-failed [options]

Starts jobs again that failed and are resumable: only what has no result yet is done.

${PIPELINE_HELP}
  --all-failed      all of them
  --since TIME      for --all-failed: jobs that failed longer ago are left out; default 14d
${WAIT_HELP}
  --help
${COMMON_HELP}Exit status: 0 started (with --wait: all succeeded), 1 something was refused or failed, 2 bad usage.
`,
  rerun: `Usage: csv-chunk-pipeline rerun --pipeline NAME FILE_ID [options]

Processes the file of a job once more that has ended for good. It is a job of its own, with its own output: the records
of a job that SUCCEEDED are then published twice, in two folders.

${PIPELINE_HELP}
  --yes             also where the job SUCCEEDED, or was lost with its region and has another one
${WAIT_HELP}
  --help
${COMMON_HELP}Exit status: 0 started (with --wait: succeeded), 1 refused or failed, 2 bad usage.
`,
  redrive: `Usage: csv-chunk-pipeline redrive --pipeline NAME [options]

Puts the events of the dead-letter queue back to work, and deletes each once its execution is started. What it does not
know stays in the queue, and is told.

${PIPELINE_HELP}
  --max N           most messages to look at; default 1000
  --dry-run         says what would be done
  --help
${COMMON_HELP}Exit status: 0 nothing is left in the queue (or --dry-run), 1 messages are left, or a call failed, 2 bad usage.
`,
  activate: `Usage: csv-chunk-pipeline activate --pipeline NAME --region REGION [options]

Makes REGION the active one of a pipeline with disaster recovery: it takes files, and takes over the jobs that the other
region has not ended, which changes no job any more. Says what that means, and does it with --yes.

${PIPELINE_HELP}
  --region REGION   the region that is to be active; the stack is looked for there
  --yes             do it
  --help
${COMMON_HELP}Exit status: 0 REGION is the active one, 1 refused or failed, 2 bad usage.
`,
} as const;

export type OperatorCommand = keyof typeof USAGES;

/** Which jobs `jobs` lists. Default: open and failed. */
const STATUS_WORDS = ['open', 'failed', 'succeeded', 'all'] as const;

export interface Waiting {
  readonly timeoutMs: number;
}

/** By its stack, or by its SweepJobs function. */
export type NamedPipeline =
  | { readonly pipeline: string; readonly sweepFunction?: undefined }
  | { readonly pipeline?: string; readonly sweepFunction: string };

export type OperatorOptions = NamedPipeline & (
  | { readonly command: 'jobs'; readonly status?: (typeof STATUS_WORDS)[number]; readonly sinceMs: number; readonly json: boolean }
  | { readonly command: 'resume'; readonly fileIds: readonly string[]; readonly sinceMs: number; readonly wait?: Waiting }
  | { readonly command: 'rerun'; readonly fileId: string; readonly yes: boolean; readonly wait?: Waiting }
  | { readonly command: 'redrive'; readonly max: number; readonly dryRun: boolean }
  | { readonly command: 'activate'; readonly region: string; readonly yes: boolean }
);

/** The options of one command. */
export type OptionsOf<Command extends OperatorCommand> = Extract<OperatorOptions, { readonly command: Command }>;

const TEXT = { type: 'string' } as const;
const SWITCH = { type: 'boolean' } as const;
const COMMON = { 'pipeline': TEXT, 'sweep-function': TEXT, 'help': { type: 'boolean', short: 'h' } } as const;
const WAIT = { wait: SWITCH, timeout: TEXT } as const;
const DEFAULT_SINCE = '14d';
const DEFAULT_TIMEOUT = '2h';
const DEFAULT_MAX = '1000';
const UNITS_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * @param args the command first
 * @returns the command's name when its help is asked for
 * @throws WrongArguments
 */
export function readOperatorOptions(args: readonly string[]): OperatorOptions | OperatorCommand {
  const [command, ...rest] = args;
  switch (command) {
    case 'jobs': return readJobs(rest);
    case 'resume': return readResume(rest);
    case 'rerun': return readRerun(rest);
    case 'redrive': return readRedrive(rest);
    case 'activate': return readActivate(rest);
    default: throw new WrongArguments(`expected the command ${Object.keys(USAGES).join(', ')}, got ${command ?? 'none'}`);
  }
}

function readJobs(args: readonly string[]): OptionsOf<'jobs'> | 'jobs' {
  const { values, positionals } = parse(args, { ...COMMON, status: TEXT, since: TEXT, json: SWITCH });
  if (values.help === true) return 'jobs';
  refuseFurther(positionals);
  const status = STATUS_WORDS.find((word) => word === values.status);
  if (values.status !== undefined && status === undefined) {
    throw new WrongArguments(`expected --status to be ${STATUS_WORDS.join(', ')}, got ${values.status}`);
  }
  if (status === 'open' && values.since !== undefined) {
    throw new WrongArguments('expected --since beside jobs that have ended (--status failed, succeeded or all), got it with --status open');
  }
  return { command: 'jobs', ...namedBy(values), status, sinceMs: durationOf('--since', values.since ?? DEFAULT_SINCE), json: values.json === true };
}

function readResume(args: readonly string[]): OptionsOf<'resume'> | 'resume' {
  const { values, positionals } = parse(args, { ...COMMON, ...WAIT, 'all-failed': SWITCH, 'since': TEXT });
  if (values.help === true) return 'resume';
  const isAll = values['all-failed'] === true;
  if (isAll && positionals.length > 0) throw new WrongArguments(`expected FILE_IDs or --all-failed, got both (${positionals.join(' ')})`);
  if (!isAll && positionals.length === 0) throw new WrongArguments('expected at least one FILE_ID, or --all-failed, got none');
  if (!isAll && values.since !== undefined) throw new WrongArguments('expected --since beside --all-failed only');
  return {
    command: 'resume',
    ...namedBy(values),
    fileIds: [...new Set(positionals.map(checkFileId))],
    sinceMs: durationOf('--since', values.since ?? DEFAULT_SINCE),
    wait: waitingOf(values),
  };
}

function readRerun(args: readonly string[]): OptionsOf<'rerun'> | 'rerun' {
  const { values, positionals: [fileId, ...others] } = parse(args, { ...COMMON, ...WAIT, yes: SWITCH });
  if (values.help === true) return 'rerun';
  if (fileId === undefined) throw new WrongArguments('expected a FILE_ID, got none');
  refuseFurther(others);
  return { command: 'rerun', ...namedBy(values), fileId: checkFileId(fileId), yes: values.yes === true, wait: waitingOf(values) };
}

function readRedrive(args: readonly string[]): OptionsOf<'redrive'> | 'redrive' {
  const { values, positionals } = parse(args, { ...COMMON, 'max': TEXT, 'dry-run': SWITCH });
  if (values.help === true) return 'redrive';
  refuseFurther(positionals);
  const text = values.max ?? DEFAULT_MAX;
  const max = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(max) || max < 1) throw new WrongArguments(`expected --max to be a whole number of at least 1, got ${text}`);
  return { command: 'redrive', ...namedBy(values), max, dryRun: values['dry-run'] === true };
}

function readActivate(args: readonly string[]): OptionsOf<'activate'> | 'activate' {
  const { values, positionals } = parse(args, { ...COMMON, region: TEXT, yes: SWITCH });
  if (values.help === true) return 'activate';
  refuseFurther(positionals);
  if (values.region === undefined || !/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(values.region)) {
    throw new WrongArguments(`expected --region to be the region that is to be active, such as eu-west-1, got ${visible(values.region ?? 'none')}`);
  }
  return { command: 'activate', ...namedBy(values), region: values.region, yes: values.yes === true };
}

function parse<const Options extends NonNullable<ParseArgsConfig['options']>>(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    throw new WrongArguments((error as Error).message.replaceAll('\n', ' '));
  }
}

function refuseFurther(positionals: readonly string[]): void {
  if (positionals.length > 0) throw new WrongArguments(`expected no further argument, got ${positionals.join(' ')}`);
}

function namedBy({ pipeline, 'sweep-function': sweepFunction }: { readonly 'pipeline'?: string; readonly 'sweep-function'?: string }): NamedPipeline {
  if (sweepFunction === undefined) {
    if (pipeline === undefined || pipeline === '') throw new WrongArguments('expected --pipeline or --sweep-function, got none');
    return { pipeline: checkPipeline(pipeline) };
  }
  if (!/^(arn:[a-z-]+:lambda:[a-z0-9-]+:\d{12}:function:)?[\w-]{1,64}$/.test(sweepFunction)) {
    throw new WrongArguments(`expected --sweep-function to be the name or the ARN of a function, got ${visibleJson(sweepFunction)}`);
  }
  return { sweepFunction, pipeline: pipeline === undefined ? undefined : checkPipeline(pipeline) };
}

function checkPipeline(pipeline: string): string {
  // What CloudFormation takes for a stack's name; anything else it refuses in words of its own.
  const [stack] = pipeline.split('/');
  if (!/^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(stack)) {
    throw new WrongArguments(`expected --pipeline to be a stack's name, or begin with one and /, got ${visible(pipeline)}`);
  }
  return pipeline;
}

function checkFileId(fileId: string): string {
  if (!/^[\w-]+$/.test(fileId)) throw new WrongArguments(`expected a FILE_ID as \`jobs\` lists it, got ${visibleJson(fileId)}`);
  return fileId;
}

function waitingOf({ wait, timeout }: { readonly wait?: boolean; readonly timeout?: string }): Waiting | undefined {
  if (wait !== true && timeout !== undefined) throw new WrongArguments('expected --timeout beside --wait only');
  return wait === true ? { timeoutMs: durationOf('--timeout', timeout ?? DEFAULT_TIMEOUT) } : undefined;
}

function durationOf(name: string, text: string): number {
  const [, digits = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const milliseconds = Number(digits) * UNITS_MS[unit];
  if (!(milliseconds > 0)) throw new WrongArguments(`expected ${name} to be a number with s, m, h or d, such as 12h, got ${text}`);
  return milliseconds;
}
