import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { PollutedFile } from './polluted-file';
import { Loaded, Refusal, System } from './system';

const GIB = 1024 ** 3;

/** @param mode `guessed`: by its `Sniffer`, as in Pollock; else with the file's own parameters */
export function pythonSystem(name: string, mode: 'guessed' | 'declared' | 'strict', files: readonly PollutedFile[]): System {
  let answers: Map<string, Loaded | Refusal> | undefined;
  return { name, load: async (file) => (answers ??= loadAll(mode, files)).get(file.name)! };
}

function loadAll(mode: string, files: readonly PollutedFile[]): Map<string, Loaded | Refusal> {
  const jobs = files.map(({ path: file, parameters: { delimiter, quoteChar, escapeChar = null, preambleLines } }) => (
    JSON.stringify({ path: file, mode, delimiter, quoteChar, escapeChar, skip: preambleLines })));
  const answers = execFileSync('python3', [path.join(__dirname, 'python_csv.py')], { input: jobs.join('\n'), encoding: 'utf8', maxBuffer: GIB });
  return new Map(answers.trimEnd().split('\n').map((answer, index) => [files[index].name, JSON.parse(answer) as Loaded | Refusal]));
}
