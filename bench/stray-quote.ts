/**
 * What one stray quote costs: puts a quote at a random place of a file without other faults of that kind, many times,
 * and counts the records that are not published any more as they were.
 *
 *   npx tsx bench/stray-quote.ts --seeds 50 --size-mb 4
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { generatedFile, generateRecords } from './files/bench-file';
import { nonAsciiFile } from './files/non-ascii';
import { quotedFile } from './files/quoted';
import { transactionsFile } from './files/transactions';
import { wideNumericFile } from './files/wide-numeric';
import { Random } from './random';
import { WORK } from './runner';
import { table } from './table';
import { compileFormat, Format } from '../src/engine/format/format';
import { FieldFlag, ParseStatus, RecordParser } from '../src/engine/grammar/record-parser';
import { ByteSource } from '../src/engine/io/byte-source';
import { processRecords } from '../src/engine/process/process-records';
import { walkRecords } from '../src/engine/records/walk-records';
import { Schema } from '../src/spec/schema';

const SELDOM_QUOTED: Schema = { fields: [{ name: 'id', type: 'integer' }, { name: 'text' }, { name: 'amount', type: 'decimal', scale: 2 }] };

/** The next quote is about 200 KB away: what a stray one can cost is not bounded by the file. */
const seldomQuotedFile = generatedFile('seldom-quoted', SELDOM_QUOTED, 4, (sizeBytes) => generateRecords(SELDOM_QUOTED, sizeBytes, (random) => [
  String(random.below(1_000_000_000)), random.chance(1 / 5000) ? '"text, quoted"' : `text without quotes ${random.below(1000)}`, `${random.below(1000)}.${random.digits(2)}`,
], [(fields) => { fields[0] = 'none'; }]));

const FILES = [transactionsFile, nonAsciiFile, quotedFile, wideNumericFile, seldomQuotedFile];
const PLACES = ['at the start', 'inside', 'at the end'] as const;
const MAX_RECORD_SIZES = [1024 * 1024, 64 * 1024, 4 * 1024];

type Place = (typeof PLACES)[number];

interface Outcome {
  readonly lines: readonly string[];
  /** The rejected records, by their bytes. */
  readonly rejects: readonly string[];
}

/** What one stray quote did. */
interface Damage {
  /** Records that were published and are not any more as they were. */
  readonly affected: number;
  /** Records published that are none of the file's. */
  readonly altered: number;
  /** How many of these hold more than one record of the file. */
  readonly merged: number;
  /** Bytes of the largest record that is rejected for it. */
  readonly rejectedBytes: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { 'seeds': { type: 'string', default: '50' }, 'size-mb': { type: 'string', default: '4' } } });
  const seeds = Number(values.seeds);
  mkdirSync(WORK, { recursive: true });
  const rows: string[][] = [];
  for (const file of FILES) {
    const bytes = readFileSync(await file.provide(WORK, Number(values['size-mb'])));
    for (const place of PLACES) {
      // Rows that say the same are one.
      const limits = new Map<string, string[]>();
      for (const maxRecordSize of MAX_RECORD_SIZES) {
        const format = compileFormat({ schema: file.schema, dialect: {}, maxRecordSize });
        const figures = summary(await damages(bytes, format, place, seeds)).join('|');
        limits.set(figures, [...limits.get(figures) ?? [], `${maxRecordSize / 1024} KiB`]);
      }
      for (const [figures, sizes] of limits) rows.push([file.name, place, sizes.length === MAX_RECORD_SIZES.length ? 'any' : sizes.join(', '), ...figures.split('|')]);
    }
  }
  console.log(`${seeds} stray quotes a row, files of ${values['size-mb']} MB\n`);
  console.log(table(['file', 'of a field', 'maxRecordSize', 'records: median', '90 %', 'most', 'rejected bytes: most', 'altered', 'merged'], rows));
}

async function damages(bytes: Buffer, format: Format, place: Place, seeds: number): Promise<Damage[]> {
  const before = await outcomeOf(bytes, format);
  const starts = await recordStarts(bytes, format);
  const all: Damage[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    const at = strayOffset(bytes, format, starts, place, new Random(seed * 7919));
    const spoilt = Buffer.concat([bytes.subarray(0, at), Buffer.from('"'), bytes.subarray(at)]);
    all.push(damageOf(before, await outcomeOf(spoilt, format)));
  }
  return all;
}

async function outcomeOf(bytes: Buffer, format: Format): Promise<Outcome> {
  const pieces: Buffer[] = [];
  const rejects: string[] = [];
  await processRecords(sourceOf(bytes), format, { start: 0, end: bytes.length }, {
    write: async (piece) => { pieces.push(Buffer.from(piece)); },
    rejects: async (batch) => { rejects.push(...batch.map(({ record }) => record.toString('latin1'))); },
  });
  return { lines: Buffer.concat(pieces).toString().split('\n').slice(0, -1), rejects };
}

function sourceOf(bytes: Buffer): ByteSource {
  return { size: bytes.length, read: async (start, end) => bytes.subarray(start, end) };
}

/** Offsets of the records, the header not among them. */
async function recordStarts(bytes: Buffer, format: Format): Promise<number[]> {
  const starts: number[] = [];
  await walkRecords(sourceOf(bytes), format, { start: 0, end: bytes.length }, {
    record: (_bytes, _at, _parser, { byteOffset }) => { starts.push(byteOffset); },
    broken: () => undefined,
  });
  return starts;
}

/** Where the quote goes: in any field, quoted or not. */
function strayOffset(bytes: Buffer, format: Format, starts: readonly number[], place: Place, random: Random): number {
  const parser = new RecordParser(format.grammar);
  for (;;) {
    const at = random.pick(starts);
    if (parser.parse(bytes, at, bytes.length, true) !== ParseStatus.record) continue;
    const field = random.below(parser.fieldCount);
    const [start, end] = [parser.fieldStart[field], parser.fieldEnd[field]];
    const quoted = (parser.fieldFlags[field] & FieldFlag.quoted) !== 0;
    if (place === 'at the start') return quoted ? start - 1 : start;
    if (place === 'at the end') return quoted ? end + 1 : end;
    // Not between two halves of a character: that would be another fault.
    const inside = start + 1 + random.below(Math.max(end - start - 1, 1));
    if (inside < end && (bytes[inside] & 0xc0) !== 0x80) return inside;
  }
}

function damageOf(before: Outcome, after: Outcome): Damage {
  const gone = difference(before.lines, after.lines);
  const altered = difference(after.lines, before.lines);
  const rejected = difference(after.rejects, before.rejects);
  return {
    affected: gone.length,
    altered: altered.length,
    merged: gone.length > altered.length + rejected.length ? altered.filter((line) => line.includes('\\n')).length : 0,
    rejectedBytes: Math.max(0, ...rejected.map((record) => record.length)),
  };
}

/** The texts that `from` has more often than `other`, but for what both begin and end with. */
function difference(from: readonly string[], other: readonly string[]): string[] {
  const least = Math.min(from.length, other.length);
  let same = 0;
  while (same < least && from[same] === other[same]) same++;
  let tail = 0;
  while (tail < least - same && from[from.length - 1 - tail] === other[other.length - 1 - tail]) tail++;
  const counts = new Map<string, number>();
  for (const text of other.slice(same, other.length - tail)) counts.set(text, (counts.get(text) ?? 0) + 1);
  return from.slice(same, from.length - tail).filter((text) => {
    const count = counts.get(text) ?? 0;
    counts.set(text, count - 1);
    return count <= 0;
  });
}

function summary(all: readonly Damage[]): string[] {
  const affected = all.map((damage) => damage.affected).sort((a, b) => a - b);
  const share = (pick: (damage: Damage) => number) => `${Math.round(all.filter((damage) => pick(damage) > 0).length / all.length * 100)} %`;
  return [
    String(affected[Math.floor(affected.length / 2)]), String(affected[Math.floor(affected.length * 0.9)]), String(affected[affected.length - 1]),
    String(Math.max(...all.map((damage) => damage.rejectedBytes))), share(({ altered }) => altered), share(({ merged }) => merged),
  ];
}

void main();
