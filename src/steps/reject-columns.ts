/**
 * How many records were rejected for each column. A schema may have thousands of them, and an item of the job table holds
 * 400 KB: the items name the columns with the most rejects and the sum of the others, work files hold all of them, and
 * the report does.
 */
import { FinishedChunks, plannedChunks } from './finished-chunks';
import { JSON_TYPE } from './job-plan';
import { addByName } from './totals';
import { JobItem, RecordCounts } from '../contract/job-item';
import { inParallel } from '../engine/io/in-parallel';
import { OutputStore } from '../ports/output';
import { StepDeps } from '../ports/step-deps';
import { OTHER_COLUMNS } from '../spec/error-codes';

type ColumnCounts = Readonly<Record<string, number>>;

const MOST_COLUMNS = 100;
const MOST_NAME_BYTES = 16 * 1024;
const CHUNKS_AT_ONCE = 50;

/** What an item has: `reject_columns_key` where it does not name all columns. */
export type ColumnAttributes = Pick<RecordCounts, 'rejects_by_column' | 'reject_columns_key'>;

/** Of all columns those with the most rejects that an item has room for, and the others as one. */
export function boundedColumns(counts: ColumnCounts): { readonly columns: ColumnCounts; readonly isCut: boolean } {
  const all = Object.entries(counts);
  const named = new Set<string>();
  let nameBytes = 0;
  const fields = all.filter(([name]) => name !== OTHER_COLUMNS);
  for (const [name] of fields.sort(([, a], [, b]) => b - a).slice(0, MOST_COLUMNS)) {
    nameBytes += Buffer.byteLength(name);
    if (nameBytes > MOST_NAME_BYTES) break;
    named.add(name);
  }
  if (named.size === all.length) return { columns: counts, isCut: false };
  const others = all.reduce((sum, [name, count]) => named.has(name) ? sum : sum + count, 0);
  return { columns: Object.fromEntries([...all.filter(([name]) => named.has(name)), [OTHER_COLUMNS, others]]), isCut: true };
}

/** @param key of the work file, which is written only where the item does not name all columns */
export async function columnAttributes(counts: ColumnCounts, key: string, output: OutputStore): Promise<ColumnAttributes> {
  const { columns, isCut } = boundedColumns(counts);
  if (!isCut) return { rejects_by_column: counts };
  await output.put(key, JSON.stringify(counts), JSON_TYPE);
  return { rejects_by_column: columns, reject_columns_key: key };
}

/** All columns that an item stands for. */
export async function columnsOf({ rejects_by_column: columns = {}, reject_columns_key: key }: Partial<ColumnAttributes>,
  output: OutputStore): Promise<ColumnCounts> {
  return key === undefined ? columns : output.getJson<ColumnCounts>(key);
}

/** The sums of all columns over all chunks. The chunks' items are read once more only where they do not name them all. */
export async function sumColumns(job: JobItem, { chunks, totals }: FinishedChunks,
  deps: Pick<StepDeps, 'jobs' | 'regions' | 'output'>): Promise<ColumnCounts> {
  if (chunks.every(({ reject_columns_key: key }) => key === undefined)) return totals.rejects_by_column;
  const sums = new Map<string, number>();
  await inParallel(plannedChunks(job, deps), CHUNKS_AT_ONCE, async (chunk) => addByName(sums, await columnsOf(chunk, deps.output)));
  const sum = [...sums.values()].reduce((total, count) => total + count, 0);
  if (sum !== totals.records_rejected) throw new Error(`internal: expected ${totals.records_rejected} rejected records by column, got ${sum}`);
  return Object.fromEntries(sums);
}
