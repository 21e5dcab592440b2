import { EngineReport } from './engines/engine-run';

/** The engine whose time counts as 1. */
export const BASELINE = 'fast-csv';

/** The runs of one file, by engine. */
export type Reports = ReadonlyMap<string, readonly EngineReport[]>;

export const fastest = (runs: readonly EngineReport[]) => Math.min(...runs.map(({ seconds }) => seconds));

/** Markdown: how many times as fast as the baseline, by the fastest round of each. */
export function comparisonTable(reports: Reports, megabytes: number): string {
  const rows = [...reports].map(([engine, runs]) => [
    engine, ratio(fastest(reports.get(BASELINE)!) / fastest(runs)), (megabytes / fastest(runs)).toFixed(0),
    Math.min(...runs.map(({ cpuSeconds }) => cpuSeconds)).toFixed(2), Math.max(...runs.map(({ peakRssMb }) => peakRssMb)).toFixed(0),
  ]);
  return table(['engine', `times ${BASELINE}`, 'MB/s', 'CPU s', 'peak RSS MB'], rows);
}

export function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  return [head, head.map(() => '---'), ...rows].map(row).join('\n');
}

export function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function ratio(value: number): string {
  return value.toFixed(value < 10 ? 1 : 0);
}
