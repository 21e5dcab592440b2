/** What comes of a file where nothing goes wrong. */
import { Outcome, outcomeOf } from './invariants';
import { Pipeline } from './pipeline';
import { Random } from './random';
import { INCOMING, Scenario } from './scenario';
import { Scheduler } from './scheduler';
import { StateMachine } from './state-machine';
import { Trace } from './trace';
import { CALM } from './weather';
import { JobContract } from '../src/contract/job-contract';

/** When each run begins: shortly before midnight. */
export const BEGIN = Date.UTC(2026, 10, 21, 23, 59, 50);

const undisturbedOutcomes = new Map<string, Outcome>();

/** What comes of the file where nothing goes wrong, under each contract that is deployed in the run. */
export async function undisturbed(scenario: Scenario, file: string, machine: StateMachine): Promise<Outcome[]> {
  const contracts = [scenario.contract, ...scenario.laterContracts];
  return Promise.all(contracts.map(async (contract) => undisturbedUnder(contract, { ...scenario, contract, file }, machine)));
}

async function undisturbedUnder(contract: JobContract, scenario: Scenario, machine: StateMachine): Promise<Outcome> {
  const id = `${contract.fingerprint} ${scenario.file}`;
  let outcome = undisturbedOutcomes.get(id);
  if (outcome === undefined) {
    const scheduler = new Scheduler(BEGIN);
    const trace = new Trace(() => 0, 0, false);
    const pipeline = new Pipeline({ scenario, intake: 'events', machine, scheduler, random: new Random(1), weather: CALM, trace, versioning: 'Enabled' });
    pipeline.land(`${INCOMING}a.csv`, scenario.file);
    await scheduler.run();
    const [job] = pipeline.table.all;
    outcome = outcomeOf(pipeline, job);
    undisturbedOutcomes.set(id, outcome);
  }
  return outcome;
}
