import { LineBuffer } from './line-buffer';
import { OutputEncoder } from './output-encoder';
import { PartFormat } from './part-format';

/** The text before each value of a JSON Lines record: `{"first":`, `,"second":` … Keys in schema order, no blanks. */
export function jsonLinePrefixes(fieldNames: readonly string[]): readonly string[] {
  return fieldNames.map((name, index) => `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`);
}

/** One line of JSON for each record: keys in schema order, no blanks, a missing value as `null`. */
export class JsonLinesEncoder implements OutputEncoder {
  private readonly prefixes: readonly string[];

  /** @param lines the fast path may write to it too: one buffer keeps the lines in order */
  constructor(columns: readonly string[], private readonly lines: LineBuffer) {
    this.prefixes = jsonLinePrefixes(columns);
  }

  get full(): boolean {
    return this.lines.full;
  }

  append(values: readonly string[]): void {
    const { prefixes } = this;
    let line = '';
    for (let index = 0; index < values.length; index++) line += prefixes[index] + values[index];
    this.lines.append(line + '}\n');
  }

  take(): Uint8Array {
    return this.lines.take();
  }

  finish(): Uint8Array {
    return this.lines.take();
  }
}

export const JSON_LINES: PartFormat = {
  suffix: '.jsonl',
  contentType: 'application/x-ndjson',
  encoder: (columns, _schema, _settings, lines) => new JsonLinesEncoder(columns.map(({ name }) => name), lines),
  fit: () => undefined,
};
