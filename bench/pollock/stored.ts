/** What Pollock's authors have published: what each system loaded, and its scores. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { MEASURES, Scores } from './metric';
import { readPythonRows } from './polluted-file';
import { System } from './system';

const folder = (pollock: string, system: string) => path.join(pollock, 'results', system, 'polluted_files');

export function storedSystem(pollock: string, name: string): System {
  return {
    name: `${name}, as published`,
    load: async (file) => {
      const text = readFileSync(path.join(folder(pollock, name), 'loading', `${file.name}_converted.csv`), 'utf8');
      const [first, ...rest] = text.split(/\r?\n/);
      return first === 'Application Error' ? { refused: rest.join('\n') } : { rows: readPythonRows(text), rejectedLines: 0 };
    },
  };
}

/** By the name of the file. */
export function storedScores(pollock: string, name: string): Map<string, Scores> {
  const [header, ...rows] = readPythonRows(readFileSync(path.join(folder(pollock, name), `${name}_results.csv`), 'utf8'));
  const columns = MEASURES.map((measure) => header.indexOf(`${name}_${measure}`));
  return new Map(rows.map((row) => [row[header.indexOf('file')], columns.map((column) => Number(row[column]))]));
}
