/**
 * What the merge of keys costs: `npx tsx bench/merge-keys.ts [--keys 20000000] [--runs 39,1000,10000] [--buffer-mib 320]`. Runs of random
 * hashes lie in memory; what requests to S3 take is not in it.
 */
import { parseArgs } from 'node:util';
import { ChunkRun, findDuplicates } from '../src/engine/keys/find-duplicates';
import { ENTRY_BYTES, ENTRY_WORDS, KeyEntries } from '../src/engine/keys/key-entry';

const { values } = parseArgs({ options: { 'keys': { type: 'string', default: '20000000' }, 'runs': { type: 'string', default: '39,1000,10000' }, 'buffer-mib': { type: 'string', default: '320' } } });
const MIB = 2 ** 20;

/** A run of that many keys, sorted by hash. */
function runOf(length: number, firstLine: number): ChunkRun {
  const entries = KeyEntries.withRoomFor(length);
  const firstWords = randomWords(length);
  firstWords.sort();
  const others = randomWords(length);
  for (let entry = 0; entry < length; entry++) {
    entries.words.set([firstWords[entry], others[entry], entry, firstLine], entry * ENTRY_WORDS);
    entries.setPlace(entry, 0, entry * 100, entry);
  }
  const bytes = entries.bytes(length);
  return { size: length * ENTRY_BYTES, firstLine, read: async (start, end) => bytes.slice(start, end) };
}

function randomWords(length: number): Uint32Array {
  return Uint32Array.from({ length }, () => Math.random() * 2 ** 32);
}

async function main(): Promise<void> {
  for (const count of values.runs.split(',').map(Number)) {
    const length = Math.floor(Number(values.keys) / count);
    const runs = Array.from({ length: count }, (_, run) => runOf(length, run * length));
    const best = { cpu: Infinity, wall: Infinity };
    for (let round = 0; round < 3; round++) {
      const [cpu, at] = [process.cpuUsage(), performance.now()];
      await findDuplicates(runs, { bufferBytes: Number(values['buffer-mib']) * MIB });
      const { user, system } = process.cpuUsage(cpu);
      best.cpu = Math.min(best.cpu, user + system);
      best.wall = Math.min(best.wall, (performance.now() - at) * 1000);
    }
    const keys = length * count;
    const peak = Math.round(process.resourceUsage().maxRSS / 1024 - keys * ENTRY_BYTES / MIB);
    console.log(`${count} runs, ${keys} keys: ${(best.cpu / keys).toFixed(3)} µs of CPU time a key, ${(best.wall / keys).toFixed(3)} µs (peak RSS ${peak} MiB beside the runs)`);
  }
}

void main();
