/** `npm run simulate -- --seeds N --from S`, or `--seed S` for one with its trace. */
import { parseArgs } from 'node:util';
import { deployedStateMachine } from './deployed-definition';
import { runSeed } from './run';

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { seeds: { type: 'string' }, from: { type: 'string' }, seed: { type: 'string' } } });
  const machine = deployedStateMachine();
  if (values.seed !== undefined) {
    const result = await runSeed(Number(values.seed), machine, true);
    console.log(result.trace.join('\n'));
    console.log(`\nseed ${result.seed}, ${result.scenario}: ${result.summary}\n${result.broken.length === 0 ? 'every promise was kept' : result.broken.join('\n')}`);
    return result.broken.length === 0 ? 0 : 1;
  }
  const from = Number(values.from ?? 1);
  const seeds = Number(values.seeds ?? 1000);
  const begin = Date.now();
  let failures = 0;
  for (let seed = from; seed < from + seeds; seed++) {
    const { broken, scenario } = await runSeed(seed, machine);
    if (broken.length === 0) continue;
    failures++;
    console.log(`seed ${seed} (${scenario}): ${broken[0]}`);
  }
  console.log(`${seeds} seeds from ${from} on in ${((Date.now() - begin) / 1000).toFixed(1)} s: ${failures} broke a promise`);
  return failures === 0 ? 0 : 1;
}

void main().then((exitCode) => { process.exitCode = exitCode; });
