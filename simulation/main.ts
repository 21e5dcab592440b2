/**
 * `npm run simulate -- --seeds N --from S`: runs N seeds from S on, and prints those that break a promise. `--seed S`:
 * one, with the trace of who did what when. `--two-regions`: each of a pipeline in two regions, and not one of fifty.
 */
import { ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { deployedDefinition } from './deployed-definition';
import { runSeed } from './run';
import { RunResult } from './run-result';
import { StateMachine } from './state-machine';

const USAGE = `usage: npm run simulate -- [--seeds N] [--from S | --from today] [--workers W] [--two-regions]
       npm run simulate -- --seed S [--two-regions]
  --seeds        how many seeds are run, 1000 when left out
  --from         the first of them, 1 when left out; "today": other ones each day
  --workers      processes that share them, one a processor when left out
  --seed         one seed, with the trace of who did what when
  --two-regions  every seed is of a pipeline in two regions, and not one of fifty
`;

const SEEDS_A_DAY = 20_000;
const MS_A_DAY = 24 * 60 * 60 * 1000;
/** Seeds that a worker is given at a time. */
const SHARE = 100;
const MOST_FAILURES_SHOWN = 20;
const MOST_CHARACTERS_SHOWN = 300;

/** What a worker is told, and what it answers with. */
export interface Share {
  /** The state machine's definition as JSON, with the first share. */
  readonly definition?: string;
  readonly from: number;
  readonly seeds: number;
  readonly twoRegions: boolean;
}
export type Failure = Pick<RunResult, 'seed' | 'scenario' | 'broken'>;

class UsageError extends Error {}

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { 'seeds': { type: 'string' }, 'from': { type: 'string' }, 'workers': { type: 'string' }, 'seed': { type: 'string' }, 'two-regions': { type: 'boolean' }, 'help': { type: 'boolean' } },
  });
  if (values.help === true) {
    console.log(USAGE);
    return 0;
  }
  const definition = deployedDefinition();
  const twoRegions = values['two-regions'] === true;
  if (values.seed !== undefined) return trace(number('--seed', values.seed), definition, twoRegions);
  const from = values.from === 'today' ? Math.floor(Date.now() / MS_A_DAY) * SEEDS_A_DAY : number('--from', values.from ?? '1');
  const workers = number('--workers', values.workers ?? String(availableParallelism()), 1);
  return simulate({ from, seeds: number('--seeds', values.seeds ?? '1000', 1), twoRegions }, workers, definition);
}

async function trace(seed: number, definition: string, twoRegions: boolean): Promise<number> {
  const result = await runSeed(seed, new StateMachine(JSON.parse(definition)), true, twoRegions);
  console.log(result.trace.join('\n'));
  console.log(`\nseed ${seed}, ${result.scenario}: ${result.summary}`);
  console.log(result.broken.length === 0 ? 'every promise was kept' : result.broken.join('\n'));
  return result.broken.length === 0 ? 0 : 1;
}

async function simulate({ from, seeds, twoRegions }: Share, workers: number, definition: string): Promise<number> {
  const begin = Date.now();
  const failures: Failure[] = [];
  let next = from;
  const share = (): Share | undefined => {
    if (next >= from + seeds) return undefined;
    const taken = { from: next, seeds: Math.min(SHARE, from + seeds - next), twoRegions };
    next += taken.seeds;
    return taken;
  };
  await Promise.all(Array.from({ length: Math.min(workers, Math.ceil(seeds / SHARE)) }, async () => work(definition, share, failures)));
  failures.sort((a, b) => a.seed - b.seed);
  for (const { seed, scenario, broken } of failures.slice(0, MOST_FAILURES_SHOWN)) {
    console.log(`seed ${seed} (${scenario}): ${broken[0].slice(0, MOST_CHARACTERS_SHOWN)}\n  its trace: npm run simulate -- --seed ${seed}${twoRegions ? ' --two-regions' : ''}`);
  }
  if (failures.length > MOST_FAILURES_SHOWN) console.log(`… and ${failures.length - MOST_FAILURES_SHOWN} more`);
  const last = from + seeds - 1;
  console.log(`${seeds} seeds, ${from} to ${last}, in ${Math.round((Date.now() - begin) / 1000)} s: ${failures.length === 0 ? 'every promise was kept' : `${failures.length} broke a promise`}`);
  return failures.length === 0 ? 0 : 1;
}

/** Keeps a worker busy as long as there are shares. */
async function work(definition: string, share: () => Share | undefined, failures: Failure[]): Promise<void> {
  const worker = fork(require.resolve('./worker'), { execArgv: process.execArgv });
  try {
    let sent: string | undefined = definition;
    for (let next = share(); next !== undefined; next = share()) {
      worker.send({ ...next, definition: sent } satisfies Share);
      sent = undefined;
      failures.push(...await answerOf(worker));
    }
  } finally {
    worker.kill();
  }
}

async function answerOf(worker: ChildProcess): Promise<Failure[]> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`expected an answer of a worker, got its end (exit status ${code}): its error is above`));
    worker.once('exit', ended);
    worker.once('message', (failures) => {
      worker.off('exit', ended);
      resolve(failures as Failure[]);
    });
  });
}

function number(name: string, text: string, least = 0): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value >= 2 ** 31) throw new UsageError(`expected ${name} to be a whole number from ${least} on and below 2^31, got ${text}`);
  return value;
}

main(process.argv.slice(2)).then((exitCode) => { process.exitCode = exitCode; }, (error: Error) => {
  const isUsage = error instanceof UsageError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') === true;
  console.error(isUsage ? `${error.message}\n${USAGE}` : error);
  process.exitCode = 2;
});
