/**
 * A pipeline in two regions: tables and buckets that are replicated, a region that goes dark or is cut off, people who
 * switch, and the way back.
 */
import { MemoryBucketProps, ObjectVersion } from './memory-bucket';
import { People } from './people';
import { Pipeline } from './pipeline';
import { Random } from './random';
import { RecordedJobTable } from './recorded-job-table';
import { checkRegions, Publication, Region, watchRegions } from './region-invariants';
import { RunResult } from './run-result';
import { INCOMING, otherFile, Scenario, scenarioOf } from './scenario';
import { Scheduler } from './scheduler';
import { StateMachine } from './state-machine';
import { Trace } from './trace';
import { BEGIN, undisturbed } from './undisturbed';
import { CALM, HOUR, MINUTE, SECOND, Weather, weatherOf } from './weather';
import { FENCE_SORT_KEY, FenceItem } from '../src/contract/job-item';
import { fenceOf, Regions } from '../src/ports/regions';

export const PRIMARY = 'us-east-1';
export const STANDBY = 'eu-west-1';

const MOST_SWEEPS = 30;
const SWEEP_EVERY = 15 * MINUTE;
const STORY = 6 * HOUR;

export interface TwoRegionsOptions {
  readonly isTraced?: boolean;
  /** False: every region takes itself for the active one. */
  readonly hasFence?: boolean;
}

export interface TwoRegionsResult extends RunResult {
  readonly publications: readonly Publication[];
}

/** What goes wrong between the regions: one is dark, or both go on and do not see each other. */
interface Disaster {
  readonly kind: 'DARK' | 'CUT OFF';
  readonly region: string;
  readonly from: number;
  readonly until: number;
}

/** A table that takes its region for the active one, whatever the fence says. */
class UnfencedTable extends RecordedJobTable {
  constructor(now: () => number, random: Random, private readonly own: string) {
    super(now, random, undefined, own);
  }

  override async fence(): Promise<FenceItem | undefined> {
    const fence = await super.fence();
    return { file_id: 'fence-0', chunk_id: FENCE_SORT_KEY, active_region: this.own, epoch: fence?.epoch ?? 0, since: fence?.since ?? 0 };
  }

  /** What the fence says. */
  async seenFence(): Promise<FenceItem | undefined> {
    return super.fence();
  }
}

class World {
  readonly scheduler = new Scheduler(BEGIN);
  readonly trace: Trace;
  readonly random: Random;
  readonly regions: readonly [Region, Region];
  readonly scenario: Scenario;
  disaster: Disaster | undefined;
  private pending = 0;

  constructor(seed: number, private readonly machine: StateMachine, options: TwoRegionsOptions) {
    this.random = new Random(seed);
    this.trace = new Trace(() => this.scheduler.now, BEGIN, options.isTraced ?? false);
    const scenario = { ...scenarioOf(this.random), laterContracts: [] };
    const weather = this.weather();
    const make = (own: string, other: string): Region => {
      const regions: Regions = { own, primary: PRIMARY, bucket: `landing-${own}` };
      const table = options.hasFence === false ? new UnfencedTable(() => this.scheduler.now, this.random, own)
        : new RecordedJobTable(() => this.scheduler.now, this.random, regions);
      table.onWrite = (item, stamp) => this.replicate(this.tableDelay(), () => this.region(other).pipeline.table.receive(item, stamp));
      const bucketProps = (of: 'landing' | 'output'): Partial<MemoryBucketProps> => ({
        versionPrefix: `${own}-`, onVersion: (version) => this.replicateVersion(of, own, other, version),
      });
      const site = {
        regions, table, landingProps: { name: regions.bucket, ...bucketProps('landing') }, outputProps: bucketProps('output'), darkFor: () => this.darkFor(own),
      };
      const { scheduler, random } = this;
      const trace = this.trace.of(own);
      const intake = own === PRIMARY ? 'events' : 'manual';
      return { name: own, pipeline: new Pipeline({ scenario, intake, machine: this.machine, scheduler, random, trace, weather, versioning: 'Enabled', site }) };
    };
    this.scenario = scenario;
    this.regions = [make(PRIMARY, STANDBY), make(STANDBY, PRIMARY)];
    this.trace.add('scenario', `${scenario.name} in two regions, ${JSON.stringify(weather)}`);
  }

  region(name: string): Region {
    return this.regions.find((region) => region.name === name)!;
  }

  darkFor(name: string): number {
    return this.disaster?.kind === 'DARK' && this.disaster.region === name ? this.lasts() : 0;
  }

  isQuiet(): boolean {
    return this.pending === 0;
  }

  /** In this region, by somebody who has read the fence there. */
  async switchTo(name: string): Promise<void> {
    if (this.darkFor(name) > 0) return;
    const { table } = this.region(name).pipeline;
    const seen = fenceOf(await (table instanceof UnfencedTable ? table.seenFence() : table.fence()), PRIMARY);
    if (seen.activeRegion === name) return;
    this.trace.add('operator', `makes ${name} the active region (switch ${seen.epoch + 1})`);
    await table.moveFence({ activeRegion: name, epoch: seen.epoch + 1, since: this.scheduler.now });
  }

  private lasts(): number {
    const { from, until } = this.disaster!;
    return this.scheduler.now < from ? 0 : Math.max(0, until - this.scheduler.now);
  }

  /** Nothing is replicated from or to a region that is dark or cut off. */
  private replicate(delay: number, arrive: () => void): void {
    this.pending++;
    const attempt = () => {
      const wait = this.disaster === undefined ? 0 : this.lasts();
      if (wait > 0) {
        this.scheduler.after(wait + this.random.between(0, MINUTE), attempt);
        return;
      }
      this.pending--;
      arrive();
    };
    this.scheduler.after(delay, attempt);
  }

  private replicateVersion(of: 'landing' | 'output', own: string, other: string, version: ObjectVersion): void {
    if (of === 'output' && version.key.startsWith(this.scenario.contract.prefixes.work)) return;
    this.replicate(this.bucketDelay(), () => {
      const bucketOf = ({ pipeline }: Region) => of === 'landing' ? pipeline.landing.bucket : pipeline.output;
      // What was deleted before its turn came is not replicated any more.
      if (bucketOf(this.region(own)).head(version.key, version.versionId) !== undefined) bucketOf(this.region(other)).receive(version);
    });
  }

  private tableDelay(): number {
    return this.random.chance(0.95) ? this.random.between(200, 2 * SECOND) : this.random.between(SECOND, 5 * MINUTE);
  }

  private bucketDelay(): number {
    return this.random.chance(0.8) ? this.random.between(SECOND, 30 * SECOND) : this.random.between(SECOND, 15 * MINUTE);
  }

  /** What this is not about is left out: what partners do with their files, deployments, rules of buckets. */
  private weather(): Weather {
    const { call, hotCall, invocation, event, execution, shortTime } = weatherOf(this.random);
    if (this.random.chance(0.4)) return { ...CALM, invocation: { ...CALM.invocation, undead: 0.5 } };
    return { ...CALM, call, hotCall, invocation, event, execution, shortTime };
  }
}

export async function runTwoRegions(seed: number, machine: StateMachine, options: TwoRegionsOptions = {}): Promise<TwoRegionsResult> {
  const world = new World(seed, machine, options);
  const watched = watchRegions(world.regions, world.scheduler);
  happen(world);
  await world.scheduler.run();
  await settle(world, watched.violations);
  for (let resumes = 0; resumes < 3 && await resumeAll(world); resumes++) await settle(world, watched.violations);
  for (const { pipeline } of world.regions) {
    pipeline.repairCatalog();
    pipeline.checkQuality();
  }
  await world.scheduler.run();
  const broken = await checkRegions(world.regions, watched, await activeRegion(world), async (file) => undisturbed(world.scenario, file, machine));
  broken.forEach((text) => world.trace.add('BROKEN', text));
  const [{ pipeline: { table } }] = world.regions;
  const summary = table.all.map(({ status, run, error_code: code }) => `${status}${code === undefined ? '' : ` (${code})`} in run ${run}`).join(', ');
  return { seed, scenario: `${world.scenario.name}, in two regions`, broken, trace: world.trace.lines, summary, publications: watched.publications };
}

function happen(world: World): void {
  const { random, scheduler, scenario } = world;
  const [primary, standby] = world.regions;
  const land = (at: number, region: Region, name: string, file: string) => scheduler.after(at, () => {
    if (world.darkFor(region.name) === 0) region.pipeline.land(INCOMING + name, file);
  });
  const soon = () => random.between(0, random.pick([2 * SECOND, 10 * SECOND, MINUTE, 30 * MINUTE]));
  const file = () => random.chance(0.7) ? scenario.file : otherFile(random);
  const first = soon();
  land(first, primary, 'a.csv', scenario.file);
  for (let index = random.below(3); index > 0; index--) land(soon(), primary, random.pick(['a.csv', `b${index}.csv`]), file());

  let switchAt = random.between(0, HOUR);
  if (random.chance(0.75)) {
    const from = BEGIN + Math.max(0, first + random.between(-2 * SECOND, random.pick([4 * SECOND, 20 * SECOND, 10 * MINUTE])));
    const until = from + random.pick([MINUTE, 40 * MINUTE, 3 * HOUR]);
    world.disaster = { kind: random.chance(0.6) ? 'DARK' : 'CUT OFF', region: PRIMARY, from, until };
    world.trace.add('disaster', `${PRIMARY} is ${world.disaster.kind} from ${(from - BEGIN) / SECOND} s to ${(until - BEGIN) / SECOND} s`);
    switchAt = from - BEGIN + random.between(0, random.pick([SECOND, MINUTE, HOUR]));
  }
  scheduler.after(switchAt, () => void world.switchTo(STANDBY));
  for (let index = random.below(3); index > 0; index--) {
    land(switchAt + random.between(-MINUTE, 2 * HOUR), random.chance(0.7) ? standby : primary, random.pick(['a.csv', `c${index}.csv`]), file());
  }
  if (random.chance(0.6)) {
    const backAt = Math.max(switchAt, (world.disaster?.until ?? BEGIN) - BEGIN) + random.between(0, random.pick([SECOND, 30 * MINUTE, 3 * HOUR]));
    scheduler.after(backAt, () => void world.switchTo(PRIMARY));
    if (random.chance(0.3)) scheduler.after(backAt + random.between(0, HOUR), () => void world.switchTo(STANDBY));
  }
  for (const { name, pipeline } of world.regions) {
    for (let at = random.between(0, SWEEP_EVERY); at < STORY; at += SWEEP_EVERY) {
      scheduler.after(at, () => { if (world.darkFor(name) === 0) pipeline.sweep(); });
    }
    scheduler.after(random.between(0, STORY), () => pipeline.repairCatalog());
    for (let index = random.below(4); index > 0; index--) scheduler.after(random.between(0, STORY), () => pipeline.checkQuality());
    const people = new People(pipeline);
    for (let index = random.below(4); index > 0; index--) {
      scheduler.after(random.between(0, random.pick([MINUTE, HOUR, STORY])), () => { void people.askApi(ASKED); });
    }
  }
}

/** A rerun would be a publication more, which somebody wanted. */
const ASKED = ['start', 'resume'] as const;

/** Nothing goes wrong any more, all is replicated, and the sweeps run until they find nothing to do. */
async function settle(world: World, violations: string[]): Promise<void> {
  const { scheduler, regions } = world;
  for (const { pipeline } of regions) pipeline.weather = CALM;
  for (let sweeps = 0; sweeps < MOST_SWEEPS; sweeps++) {
    await scheduler.run(scheduler.now + 20 * MINUTE);
    const swept = regions.map(async ({ pipeline }) => pipeline.sweepNow().catch(() => undefined));
    await scheduler.run();
    const counts = await Promise.all(swept);
    if (world.isQuiet() && counts.every((of) => of !== undefined && Object.values(of).every((count) => count === 0))) return;
  }
  violations.push(`the sweeps still find something to do after ${MOST_SWEEPS} times`);
}

async function activeRegion(world: World): Promise<Region> {
  const [{ pipeline: { table } }] = world.regions;
  const fence = table instanceof UnfencedTable ? await table.seenFence() : await table.fence();
  return world.region(fenceOf(fence, PRIMARY).activeRegion);
}

/** Of the active region, whose operator looks after it. @returns whether there was one */
async function resumeAll(world: World): Promise<boolean> {
  const { name, pipeline } = await activeRegion(world);
  const resumable = pipeline.table.all.filter(({ status, resumable: is, execution_arn: arn }) => status === 'FAILED' && is === true && arn.includes(`:${name}:`));
  resumable.forEach(({ file_id: fileId }, index) => pipeline.start(`last-resume-${world.scheduler.now}-${index}`, { resume: true, fileId }));
  return resumable.length > 0;
}
