import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Parameters, readPythonRows } from './polluted-file';
import { System } from './system';
import { ProgressBar } from '../../src/preflight/progress';
import { run } from '../../src/preflight/run';
import { Dialect } from '../../src/spec/dialect';
import { DEFAULT_MAX_DECODED_SIZE } from '../../src/spec/input-settings';
import { Schema } from '../../src/spec/schema';
import { ownTerminal } from '../../src/terminal/terminal';

const MIB = 1024 * 1024;

/** The whole job, as the preflight command runs it; no number of rejects fails it. */
export function ourSystem(name: string, dialectOf: (parameters: Parameters) => Dialect, schemaOf = textSchema): System {
  const outDirectory = mkdtempSync(path.join(tmpdir(), 'pollock-'));
  process.once('exit', () => rmSync(outDirectory, { recursive: true }));
  return {
    name,
    load: async ({ path: file, parameters }) => {
      const report = await run({
        file,
        inputs: { FILE: file },
        outDirectory,
        records: {
          schema: schemaOf(parameters),
          dialect: dialectOf(parameters),
          input: { maxDecodedSizeBytes: DEFAULT_MAX_DECODED_SIZE },
          chunkSizeBytes: 50 * MIB,
          maxRecordSizeBytes: MIB,
          maxRejectedPercentage: 100,
        },
        transformTimeoutSeconds: 60,
        concurrency: 1,
        fastPath: true,
      }, new ProgressBar(ownTerminal(), 0));
      if (report.status !== 'SUCCEEDED') return { refused: report.errorMessage! };
      return { rows: [parameters.names, ...publishedRows(path.join(outDirectory, 'output'))], rejectedLines: rejectedLines(outDirectory) };
    },
  };
}

function publishedRows(output: string): string[][] {
  return readdirSync(output).flatMap((part) => readFileSync(path.join(output, part), 'utf8').split('\n').slice(0, -1))
    .map((line) => Object.values(JSON.parse(line) as Record<string, string | null>).map((value) => value ?? ''));
}

/** A record of Pollock's source is one line: a reject that swallowed others has theirs too. */
function rejectedLines(outDirectory: string): number {
  const [header, ...rejects] = readPythonRows(readFileSync(path.join(outDirectory, 'quarantine', 'rejected.csv'), 'utf8'));
  const column = header.indexOf('_record');
  return rejects.reduce((sum, reject) => sum + reject[column].split('\n').length, 0);
}

/** All that Pollock tells of a file. */
export function plainDialect({ delimiter, quoteChar, escapeChar, lineTerminator, headerLines, preambleLines }: Parameters): Dialect {
  return {
    delimiter,
    quoteChar,
    ...escapeChar === quoteChar ? {} : { doubleQuote: false, escapeChar },
    // Where Pollock says CRLF, the files of its repository have LF: the default takes both.
    ...lineTerminator === '\r' ? { lineTerminator } : {},
    // Names that stand in several lines are the schema's.
    ...headerLines === 1 ? { skipLines: preambleLines } : { header: false, skipLines: preambleLines + headerLines },
  };
}

/** The header is skipped too, as Pollock has it for DuckDB; a quote inside a quoted field may be text. */
export function lazyDialect(parameters: Parameters): Dialect {
  return {
    ...plainDialect(parameters),
    header: false,
    skipLines: parameters.preambleLines + parameters.headerLines,
    // Refused beside a delimiter of two characters.
    lazyQuotes: parameters.delimiter.length === 1,
  };
}

export function raggedDialect(parameters: Parameters): Dialect {
  return { ...lazyDialect(parameters), allowShortRecords: true, allowLongRecords: true };
}

function textSchema({ names }: Pick<Parameters, 'names'>): Schema {
  return { fields: names.map((name) => ({ name })) };
}

/** What each column of the source file holds. */
const PATTERNS = ['\\d\\d/\\d\\d/\\d{4}', '\\d\\d:\\d\\d', '\\d+', '[A-Z]{2}-\\d{4}', '\\$\\d+(\\.\\d+)?', undefined, undefined, 'https://\\S+', undefined];
const KEY = 3;

/** What a schema is for: patterns and a key. */
export function strictSchema({ names }: Pick<Parameters, 'names'>): Schema {
  // The empty file has one column.
  if (names.length !== PATTERNS.length) return textSchema({ names });
  return {
    fields: names.map((name, index) => ({ name, ...PATTERNS[index] === undefined ? {} : { constraints: { pattern: PATTERNS[index] } } })),
    primaryKey: [names[KEY]],
  };
}
