/** One run of a seed: what happens, then the settling, then the promises. */
import { LISTENERS } from './functions';
import { check, isBeyondHelp, watch } from './invariants';
import { People } from './people';
import { Pipeline } from './pipeline';
import { Random } from './random';
import { RunResult } from './run-result';
import { INCOMING, intakeOf, otherFile, Scenario, scenarioOf, strangerOf } from './scenario';
import { Scheduler } from './scheduler';
import { StateMachine } from './state-machine';
import { Trace } from './trace';
import { runTwoRegions } from './two-regions';
import { BEGIN, undisturbed } from './undisturbed';
import { CALM, DAY, HOUR, longDelay, MINUTE, SECOND, Weather, weatherOf } from './weather';

const MOST_SWEEPS = 12;
const LONG_AGO_DAYS = 365;

/** One of so many seeds is of a pipeline in two regions, which takes several times as long. */
const TWO_REGIONS_EVERY = 50;

/** @param hasTwoRegions every seed is */
export async function runSeed(seed: number, machine: StateMachine, isTraced = false, hasTwoRegions = false): Promise<RunResult> {
  return hasTwoRegions || seed % TWO_REGIONS_EVERY === 0 ? runTwoRegions(seed, machine, { isTraced }) : runOneRegion(seed, machine, isTraced);
}

async function runOneRegion(seed: number, machine: StateMachine, isTraced: boolean): Promise<RunResult> {
  const random = new Random(seed);
  const scenario = scenarioOf(random);
  const intake = intakeOf(random);
  const weather = weatherOf(random);
  const scheduler = new Scheduler(BEGIN);
  const trace = new Trace(() => scheduler.now, BEGIN, isTraced);
  const versioning = random.pick(['Enabled', 'Unversioned', 'Suspended'] as const);
  const pipeline = new Pipeline({ scenario, intake, machine, scheduler, random, weather, trace, versioning });
  const people = new People(pipeline);
  watch(pipeline);
  trace.add('scenario', `${scenario.name}, files come in by ${intake}, bucket with versions ${versioning}, ${JSON.stringify(weather)}`);

  happen(pipeline, people, scenario);
  await scheduler.run();
  checkEvents(pipeline, weather);
  await settle(pipeline, people);
  await lookAround(pipeline);
  const outcomes = async (file: string) => undisturbed(scenario, file, machine);
  const broken = await check(pipeline, people, outcomes);
  people.expireWork(scenario.contract.resumeWindowSeconds);
  people.resumeAll();
  await scheduler.run();
  await settle(pipeline, people);
  await lookAround(pipeline);
  broken.push(...(await check(pipeline, people, outcomes)).map((text) => `after a resume: ${text}`));
  for (const job of pipeline.table.all) {
    if (job.status === 'FAILED' && job.resumable === true) broken.push(`a resume did not end job ${job.file_id}`);
  }
  // Jobs whose publication never ends are rare, and those that it is about.
  if (random.chance(0.2) || pipeline.table.all.some(({ status }) => status === 'PUBLISHING')) {
    await waitForExpiry(pipeline, people);
    broken.push(...(await check(pipeline, people, outcomes)).map((text) => `after chunk items have expired: ${text}`));
  }
  broken.forEach((text) => trace.add('BROKEN', text));
  const summary = pipeline.table.all.map(({ status, run, error_code: code }) => `${status}${code === undefined ? '' : ` (${code})`} in run ${run}`).join(', ');
  return { seed, scenario: scenario.name, broken, trace: trace.lines, summary };
}

/** Everything is arranged beforehand; when it comes, it finds what it finds. */
function happen(pipeline: Pipeline, people: People, { file, laterContracts }: Scenario): void {
  const { random, scheduler, weather } = pipeline;
  const soon = () => random.between(0, random.pick([2 * SECOND, 10 * SECOND, 30 * MINUTE]));
  const land = (key: string, content: string) => {
    const landed = pipeline.land(key, content);
    if (pipeline.intake === 'manual' && random.chance(weather.known)) scheduler.after(soon(), () => people.startByHand(landed));
  };
  const keys = random.chance(0.25) ? ['a.csv', 'b.csv'] : ['a.csv'];
  for (const name of keys) {
    const key = INCOMING + name;
    land(key, file);
    if (random.chance(weather.source.sentAgain)) scheduler.after(soon(), () => land(key, file));
    if (random.chance(weather.source.overwritten)) scheduler.after(soon(), () => land(key, otherFile(random)));
    if (random.chance(weather.source.deleted)) scheduler.after(soon(), () => pipeline.landing.takeAway(key));
  }
  if (pipeline.intake === 'queue') repeat(weather.strangers, () => scheduler.after(soon(), () => pipeline.queue.send(strangerOf(random))));
  const { operator } = weather;
  if (weather.stuckAt !== undefined || random.chance(0.5)) pipeline.onStopped = () => people.mend(laterContracts);
  repeat(operator.sweeps, () => scheduler.after(random.between(MINUTE, 3 * HOUR), () => pipeline.sweep()));
  repeat(operator.resumes, () => scheduler.after(longDelay(random), () => people.resumeOne()));
  repeat(operator.repeatedStarts, () => scheduler.after(longDelay(random), () => people.startAgain()));
  repeat(operator.reruns, () => scheduler.after(random.between(MINUTE, 2 * DAY), () => people.rerunOne()));
  repeat(operator.apiCalls, () => scheduler.after(longDelay(random), () => { void people.askApi(); }));
  repeat(random.below(3), () => scheduler.after(longDelay(random), () => pipeline.repairCatalog()));
  repeat(random.below(3), () => scheduler.after(longDelay(random), () => pipeline.checkQuality()));
  laterContracts.slice(0, operator.deployments).forEach((contract) => scheduler.after(soon(), () => pipeline.deploy(contract)));
  if (weather.outage === 1) scheduler.after(soon(), () => pipeline.functions.outage(random.pick(['jobs', 'source', 'output', 'catalog', 'messages', ...LISTENERS]), random.between(SECOND, 30 * MINUTE)));
  if (weather.uploadsExpire === 1) scheduler.after(random.pick([2 * SECOND, MINUTE, DAY]) * random.next(), () => people.expireUploads());
}

function repeat(times: number, action: () => void): void {
  for (let time = 0; time < times; time++) action();
}

/** Nothing goes wrong any more, and the sweep runs until it finds nothing to do. */
async function settle(pipeline: Pipeline, people: People): Promise<void> {
  const { scheduler } = pipeline;
  pipeline.weather = CALM;
  for (let sweeps = 0; sweeps < MOST_SWEEPS; sweeps++) {
    await scheduler.run(scheduler.now + 20 * MINUTE);
    people.startForgotten();
    const swept = pipeline.sweepNow().catch(() => undefined);
    await scheduler.run();
    const counts = await swept;
    if (counts !== undefined && Object.values(counts).every((count) => count === 0)) return;
  }
  if (pipeline.table.all.some((job) => isBeyondHelp(pipeline, people, job))) return;
  pipeline.violations.push(`the sweep still finds something to do after ${MOST_SWEEPS} times`);
}

/** What is done around the pipeline each day; far enough back for all that has happened. */
async function lookAround(pipeline: Pipeline): Promise<void> {
  pipeline.repairCatalog(LONG_AGO_DAYS);
  pipeline.checkQuality();
  await pipeline.scheduler.run();
}

/** Long after the last job has begun: no item is left but those of jobs that are still being published. */
async function waitForExpiry(pipeline: Pipeline, people: People): Promise<void> {
  const { scheduler, table } = pipeline;
  const end = scheduler.now + 14 * DAY;
  while (scheduler.now < end) {
    await scheduler.run(scheduler.now + DAY);
    const swept = pipeline.sweepNow().catch(() => undefined);
    await scheduler.run();
    await swept;
    people.expireChunks();
  }
  for (const job of table.all.filter(({ status }) => status !== 'PUBLISHING')) {
    for await (const chunk of table.chunks(job.file_id)) pipeline.violations.push(`${chunk.chunk_id} of job ${job.file_id}, which is ${job.status}, did not expire`);
  }
}

/** Where no event was lost the sweep has little to do: what an execution had is closed when it has ended. */
function checkEvents(pipeline: Pipeline, weather: Weather): void {
  const { table, deadLetters, violations } = pipeline;
  if (weather.event.never > 0 || deadLetters > 0) return;
  for (const { file_id: fileId, status, execution_arn: arn } of table.all) {
    // One that is being published may be left to the sweep. Of an execution that succeeds no event tells: what of it
    // lives on may claim a job all the same.
    const isClosed = status !== 'PLANNING' && status !== 'PROCESSING';
    if (!isClosed && pipeline.statusOf(arn) !== 'SUCCEEDED') violations.push(`job ${fileId} is ${status}, and its execution has ended`);
  }
}
