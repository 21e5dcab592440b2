/**
 * Loads the polluted files of Pollock (HPI, VLDB 2023) with this engine and others, and prints the score of each, and
 * what the score does not show. docs/pollock.md has the results.
 *
 *   git clone https://github.com/HPI-Information-Systems/Pollock
 *   npx tsx bench/pollock.ts --pollock Pollock
 *   npx tsx bench/pollock.ts --pollock Pollock --file row_less --system ours   only these files, and systems with this name
 *   npx tsx bench/pollock.ts --pollock Pollock --check      only: does what the authors have published score here as there?
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Damage, damage } from './pollock/damage';
import { duckdbSystem, guessingArguments, lenientArguments, strictArguments } from './pollock/duckdb';
import { REFUSED, score, Scores } from './pollock/metric';
import { lazyDialect, ourSystem, plainDialect, raggedDialect, strictSchema } from './pollock/ours';
import { PollutedFile, readPollutedFiles } from './pollock/polluted-file';
import { pythonSystem } from './pollock/python-csv';
import { storedScores, storedSystem } from './pollock/stored';
import { System } from './pollock/system';
import { table } from './table';

/** What a system made of a file. */
interface Outcome extends Damage {
  readonly file: PollutedFile;
  readonly scores: Scores;
  readonly refused: boolean;
  readonly rejectedLines: number;
}

const REPOSITORY = 'https://github.com/HPI-Information-Systems/Pollock';
const SAME = 1e-9;
const HEAD = ['system', 'score', 'weighted', 'files refused', 'records rejected', 'cells wrong', 'in files', 'records lost'];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { pollock: { type: 'string' }, file: { type: 'string', default: '' }, system: { type: 'string', default: '' }, check: { type: 'boolean', default: false } },
  });
  if (values.pollock === undefined) throw new Error(`--pollock must be the folder of a clone of ${REPOSITORY}, got none`);
  const files = readPollutedFiles(values.pollock).filter(({ name }) => name.includes(values.file));
  if (values.check) return checkPublished(values.pollock, files);
  const outcomes = new Map<string, Outcome[]>();
  const systems = systemsFor(values.pollock, files).filter(({ name }) => name.includes(values.system));
  for (const system of systems) outcomes.set(system.name, await loadAll(system, files));
  console.log(`${files.length} files\n\n${table(HEAD, [...outcomes].map(([name, all]) => [name, ...figures(all)]))}\n`);
  console.log(table(['kind', 'files', ...outcomes.keys()], kindRows([...outcomes.values()])));
}

function systemsFor(pollock: string, files: readonly PollutedFile[]): System[] {
  return [
    ourSystem('ours, as told', plainDialect),
    ourSystem('ours, lazy', lazyDialect),
    ourSystem('ours, lazy, with patterns and a key', lazyDialect, strictSchema),
    ourSystem('ours, lazy and ragged', raggedDialect),
    duckdbSystem('DuckDB, strict, rejects stored', strictArguments),
    duckdbSystem("DuckDB, Pollock's settings", lenientArguments),
    duckdbSystem('DuckDB, guessing', guessingArguments),
    pythonSystem('Python csv, as told', 'declared', files),
    pythonSystem('Python csv, as told, strict', 'strict', files),
    pythonSystem('Python csv, guessing', 'guessed', files),
    storedSystem(pollock, 'pandas'),
    storedSystem(pollock, 'sqlite'),
  ];
}

async function loadAll(system: System, files: readonly PollutedFile[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const file of files) {
    const loaded = await system.load(file);
    if ('refused' in loaded) {
      outcomes.push({ file, scores: REFUSED, refused: true, rejectedLines: 0, wrongCells: 0, missing: 0 });
      continue;
    }
    const { rows, rejectedLines } = loaded;
    const { clean, parameters: { headerLines } } = file;
    outcomes.push({ file, scores: score(clean, rows), refused: false, rejectedLines, ...damage(clean, rows, headerLines > 0) });
  }
  return outcomes;
}

function figures(outcomes: readonly Outcome[]): string[] {
  const weights = sum(outcomes, ({ file }) => file.weight);
  return [
    mean(outcomes).toFixed(3), (sum(outcomes, (outcome) => outcome.file.weight * total(outcome)) / weights).toFixed(3),
    count(outcomes, ({ refused }) => refused), String(sum(outcomes, ({ rejectedLines }) => rejectedLines)),
    String(sum(outcomes, ({ wrongCells }) => wrongCells)), count(outcomes, ({ wrongCells }) => wrongCells > 0), String(sum(outcomes, lost)),
  ];
}

/** Of each kind the mean score, and behind it the wrong cells; not those that are right in every system. */
function kindRows(systems: ReadonlyArray<readonly Outcome[]>): string[][] {
  const kinds = [...new Set(systems[0].map(({ file }) => kindOf(file)))];
  return kinds.flatMap((kind) => {
    const groups = systems.map((outcomes) => outcomes.filter(({ file }) => kindOf(file) === kind));
    const cells = groups.map((group) => [mean(group).toFixed(2), ...[sum(group, ({ wrongCells }) => wrongCells)].filter((wrong) => wrong > 0)].join(', '));
    return cells.every((cell) => cell === '10.00') ? [] : [[kind, String(groups[0].length), ...cells]];
  });
}

/** Files that differ in where the pollution stands are one kind. */
const kindOf = ({ name }: PollutedFile) => name.replace('.csv', '').replace(/(?:_row)?\d+_col\d+$/, '').replace(/^(row_field_delimiter)_\d+/, '$1');
/** Records of which the system neither published anything nor said that it did not. */
const lost = ({ missing, rejectedLines }: Outcome) => Math.max(0, missing - rejectedLines);
const total = ({ scores }: Outcome) => scores.reduce((a, b) => a + b, 0);
const mean = (outcomes: readonly Outcome[]) => sum(outcomes, total) / outcomes.length;
const sum = (outcomes: readonly Outcome[], pick: (outcome: Outcome) => number) => outcomes.reduce((all, outcome) => all + pick(outcome), 0);
const count = (outcomes: readonly Outcome[], is: (outcome: Outcome) => boolean) => String(outcomes.filter(is).length);

/** The measure is theirs: of what they have published, each file must have the scores that they have published. */
async function checkPublished(pollock: string, files: readonly PollutedFile[]): Promise<void> {
  const rows: string[][] = [];
  for (const { name } of readdirSync(path.join(pollock, 'results'), { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    const published = storedScores(pollock, name);
    const outcomes = await loadAll(storedSystem(pollock, name), files);
    const differing = outcomes.filter(({ file, scores }) => scores.some((value, index) => Math.abs(value - published.get(file.name)![index]) > SAME));
    rows.push([name, ...figures(outcomes).slice(0, 2), String(differing.length)]);
  }
  console.log(table(['system', 'score', 'weighted', 'files with another score than published'], rows));
}

void main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
