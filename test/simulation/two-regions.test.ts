import { deployedDefinition } from '../../simulation/deployed-definition';
import { StateMachine } from '../../simulation/state-machine';
import { runTwoRegions, TwoRegionsResult } from '../../simulation/two-regions';

const SEEDS = Array.from({ length: 40 }, (_, index) => index + 51);

let machine: StateMachine;
let results: TwoRegionsResult[];
beforeAll(async () => {
  machine = new StateMachine(JSON.parse(deployedDefinition()));
  results = [];
  for (const seed of SEEDS) results.push(await runTwoRegions(seed, machine, { isTraced: true }));
}, 120_000);

test('every promise is kept', () => {
  expect(results.filter(({ broken }) => broken.length > 0).map(({ seed, broken }) => [seed, broken])).toEqual([]);
});

test('a seed repeats exactly', async () => {
  for (const { seed, trace } of results.slice(0, 5)) expect((await runTwoRegions(seed, machine, { isTraced: true })).trace).toEqual(trace);
});

test.each([
  ['a region goes dark', 'us-east-1 is DARK'],
  ['the regions do not see each other', 'us-east-1 is CUT OFF'],
  ['somebody switches', 'makes eu-west-1 the active region (switch 1)'],
  ['and back', 'makes us-east-1 the active region (switch 2)'],
  ['a call waits for the region', 'the region is dark'],
  ['a file lands in the standby', 'eu-west-1 partner'],
  ['the standby starts a file', 'eu-west-1 start              sweep-'],
  ['a lost job is processed once more', 'start              takeover-'],
  ['somebody asks the API of the standby', 'eu-west-1 JobApi'],
  ['a start is refused in the region that stands by', 'StartRefused'],
  ['a step stops in the region that stands by', 'PassiveRegionError'],
])('within %s the trace tells of it', (_, text) => {
  expect(results.some(({ trace }) => trace.some((line) => line.includes(text)))).toBe(true);
});

test('a region publishes what it has not seen that the other one has, and that is counted', () => {
  const publications = results.flatMap((result) => result.publications);
  expect(publications.filter(({ fence }) => fence === 'ACTIVE').length).toBeGreaterThan(SEEDS.length / 2);
  expect(publications.filter(({ fence }) => fence === 'UNSEEN').length).toBeGreaterThan(0);
});

test('without the fence the region that stands by changes jobs', async () => {
  const broken: string[] = [];
  for (const seed of SEEDS.slice(0, 10)) broken.push(...(await runTwoRegions(seed, machine, { hasFence: false })).broken);
  expect(broken).toContainEqual(expect.stringMatching(/^us-east-1 told \w+ of job \w+ by a call that began after it had seen that eu-west-1 is the active region$/));
  expect(broken).toContainEqual(expect.stringMatching(/^a quality check of us-east-1 told of what it found, and had begun after us-east-1 had seen/));
  expect(broken).toContainEqual(expect.stringMatching(/^us-east-1 changed job \w+ to \w+, and had seen that eu-west-1 is the active region$/));
}, 60_000);
