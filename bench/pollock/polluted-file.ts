/** The files of Pollock, from a checkout of its repository. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Rows } from './metric';

export interface PollutedFile {
  readonly name: string;
  readonly path: string;
  readonly parameters: Parameters;
  /** The header first, if the file has one. */
  readonly clean: Rows;
  /** In how many files of the authors' survey the pollution was found. */
  readonly weight: number;
}

/** What Pollock tells each system of a file, with its own defaults. */
export interface Parameters {
  readonly delimiter: string;
  readonly quoteChar: string;
  /** Undefined: the file has nothing to escape, or no way to. */
  readonly escapeChar: string | undefined;
  readonly lineTerminator: string;
  readonly headerLines: number;
  readonly preambleLines: number;
  readonly names: readonly string[];
}

export function readPollutedFiles(pollock: string): PollutedFile[] {
  const weights = JSON.parse(readFileSync(join(pollock, 'pollock_weights.json'), 'utf8')) as Record<string, number>;
  const directory = join(pollock, 'polluted_files');
  return readdirSync(join(directory, 'csv')).filter((name) => name.endsWith('.csv')).sort().map((name) => ({
    name,
    path: join(directory, 'csv', name),
    parameters: readParameters(join(directory, 'parameters', `${name}_parameters.json`)),
    clean: readPythonRows(readFileSync(join(directory, 'clean', name), 'utf8')),
    weight: weights[name],
  }));
}

function readParameters(file: string): Parameters {
  const stored = JSON.parse(readFileSync(file, 'utf8')) as {
    delimiter: string;
    quotechar: string;
    escapechar: string;
    row_delimiter: string;
    header_lines: number;
    preamble_lines: number;
    column_names: string[];
    n_columns: number;
  };
  const numbered = Array.from({ length: Math.max(1, stored.n_columns) }, (_, index) => `col_${index}`);
  return {
    delimiter: stored.delimiter || ',',
    quoteChar: stored.quotechar || '"',
    escapeChar: stored.escapechar || undefined,
    lineTerminator: stored.row_delimiter,
    headerLines: stored.header_lines,
    preambleLines: stored.preamble_lines,
    names: stored.column_names.length > 0 ? stored.column_names.map((name) => name.trim()) : numbered,
  };
}

/** As Python's `csv.reader` does, with which Pollock reads the clean files and what a system made of the polluted ones. */
export function readPythonRows(text: string): Rows {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let state: 'start' | 'plain' | 'quoted' | 'closed' = 'start';
  const endCell = () => {
    row.push(cell);
    [cell, state] = ['', 'start'];
  };
  const endRow = () => {
    if (row.length > 0 || state !== 'start') endCell();
    rows.push(row);
    row = [];
  };
  for (const character of text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n')) {
    if (state === 'quoted') {
      if (character === '"') state = 'closed';
      else cell += character;
    } else if (character === ',') {
      endCell();
    } else if (character === '\n') {
      endRow();
    } else if (character === '"' && state !== 'plain') {
      if (state === 'closed') cell += character;
      state = 'quoted';
    } else {
      cell += character;
      state = 'plain';
    }
  }
  if (row.length > 0 || state !== 'start') endRow();
  return rows;
}
