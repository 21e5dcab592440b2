/** A process that runs its share of the seeds, see main.ts. */
import type { Failure, Share } from './main';
import { runSeed } from './run';
import { StateMachine } from './state-machine';

let machine: StateMachine | undefined;
let running = 0;

// A promise that is rejected where nobody holds it would end a function's sandbox: it ends this process.
process.on('uncaughtExceptionMonitor', () => console.error(`seed ${running} ended the simulation:`));

process.on('message', ({ definition, ...share }: Share) => {
  machine ??= new StateMachine(JSON.parse(definition!));
  void run(machine, share).then((failures) => process.send!(failures));
});

async function run(of: StateMachine, { from, seeds, twoRegions }: Share): Promise<Failure[]> {
  const failures: Failure[] = [];
  for (let seed = from; seed < from + seeds; seed++) {
    running = seed;
    const { scenario, broken } = await runSeed(seed, of, false, twoRegions);
    if (broken.length > 0) failures.push({ seed, scenario, broken });
  }
  return failures;
}
