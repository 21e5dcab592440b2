/** What the demo says when the job has ended. */
import { parseString } from 'fast-csv';
import { JobRecord } from './job-watch';
import { keysOf } from './keys';
import { Results } from './results';
import { bytes, count, seconds, table } from './text';
import { RejectedRow } from '../src/spec/rejected-columns';
import { JobReport } from '../src/steps/report';

const EXAMPLES = 3;
const LONGEST_EXAMPLE = 90;

export async function summarize({ job }: JobRecord, results: Results): Promise<string> {
  if (job.resumable) {
    return `\nThe job was interrupted: ${job.error_message}\nThat is not the data's fault: nothing is published, the source is where it was, and the job can be resumed.`;
  }
  const keys = keysOf(job.file_id);
  const report = JSON.parse(await results.save(keys.report())) as JobReport;
  const isPublished = report.status === 'SUCCEEDED';
  const rejected = report.rejectedKey === undefined ? [] : await parseRejected(await results.save(report.rejectedKey));
  const published = isPublished ? await results.saveAll(keys.outputPrefix(job.ingest_date)) : [];

  const sections = [
    isPublished ? [] : [`The job failed, and nothing is published: ${report.errorMessage}`],
    describeChunks(report),
    [`records read ${report.recordsRead}`, `published ${isPublished ? report.recordsWritten : 0}`, `quarantined ${report.recordsRejected}`],
    describeRejects(report, rejected),
    ['Where everything lies', table([
      ['bucket', `s3://${results.bucket}, which ends with this command`],
      ['copy', `${results.directory}/, under the same keys`],
      ['source', job.moved_to ?? job.key],
      ...published.length > 0 ? [['published', `${keys.outputPrefix(job.ingest_date)} (${published.length} files, _manifest.json lists them)`]] : [],
      ...report.rejectedKey !== undefined ? [['quarantine', report.rejectedKey]] : [],
      ['report', keys.report()],
    ])],
    ['How long each step took', table(report.steps.map(({ step, seconds: time }) => [step, seconds(time * 1_000)]))],
  ];
  return sections.filter((lines) => lines.length > 0).map((lines) => `\n${lines.join('\n')}`).join('\n');
}

function describeChunks({ chunks, fileSize }: JobReport): string[] {
  if (chunks.length === 0) return [];
  const exact = chunks.filter(({ boundary }) => boundary === 'exact').length;
  const guessed = chunks.length - exact;
  const repaired = chunks.filter((chunk) => chunk.repaired).length;
  const proved = chunks.every(({ end }, index) => end === (chunks[index + 1]?.start ?? fileSize));
  return [
    `${count(chunks.length)} ${chunks.length === 1 ? 'chunk' : 'chunks'}, ${bytes(Math.min(...sizes(chunks)))} to ${bytes(Math.max(...sizes(chunks)))}`,
    ...exact > 0 ? [`  ${count(exact)} begin at an exact boundary: the record grammar allows no other`] : [],
    ...guessed > 0 ? [`  ${count(guessed)} begin at a boundary guessed by the schema${repaired > 0 ? `, ${count(repaired)} of them wrong and repaired` : ''}`] : [],
    proved
      ? `  proved: each chunk ends where the next one begins, from byte 0 to byte ${count(fileSize)}`
      : '  not proved: the chunks do not form a chain',
  ];
}

function sizes(chunks: JobReport['chunks']): number[] {
  return chunks.map(({ start, end }) => end - start);
}

function describeRejects({ rejectsByCode }: JobReport, rows: readonly RejectedRow[]): string[] {
  const codes = Object.entries(rejectsByCode).filter(([, rejects]) => rejects > 0).sort(([, a], [, b]) => b - a);
  if (codes.length === 0) return [];
  const examples = examplesOf(rows).flatMap((row) => [
    `  line ${row._line}${row._column === '' ? '' : `, ${row._column}`}: ${row._message}`,
    `    ${shorten(row._encoding === 'base64' ? `(base64) ${row._record}` : row._record)}`,
  ]);
  return ['Rejects by reason', table(codes.map(([code, rejects]) => [code, rejects])), 'For example', ...examples];
}

/** One row for each reason, in the order of the file. */
function examplesOf(rows: readonly RejectedRow[]): RejectedRow[] {
  const reason = (row: RejectedRow) => `${row._code} ${row._column}`;
  const first = rows.filter((row, index) => rows.findIndex((other) => reason(other) === reason(row)) === index);
  const others = rows.filter((row) => !first.includes(row));
  return [...first, ...others].slice(0, EXAMPLES);
}

function shorten(record: string): string {
  const line = JSON.stringify(record).slice(1, -1).replaceAll('\\"', '"');
  return line.length <= LONGEST_EXAMPLE ? line : `${line.slice(0, LONGEST_EXAMPLE)}…`;
}

async function parseRejected(csv: string): Promise<RejectedRow[]> {
  return new Promise((resolve, reject) => {
    const rows: RejectedRow[] = [];
    parseString<RejectedRow, RejectedRow>(csv, { headers: true }).on('data', (row: RejectedRow) => rows.push(row)).on('error', reject).on('end', () => resolve(rows));
  });
}
