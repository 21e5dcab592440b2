/** Words and numbers for people, on a terminal or in a log. */

export function bytes(value: number): string {
  if (value < 1_000) return `${value} B`;
  if (value < 1_000_000) return `${(value / 1_000).toFixed(1)} kB`;
  return `${(value / 1_000_000).toFixed(1)} MB`;
}

/** With commas: 241,783. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}

/** Rows as columns; numbers to the right. */
export function table(rows: ReadonlyArray<ReadonlyArray<string | number>>, indent = '  '): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  return rows.map((row) => indent + row.map((cell, column) =>
    typeof cell === 'number' ? String(cell).padStart(widths[column]) : cell.padEnd(widths[column])).join('  ').trimEnd()).join('\n');
}

/** A step's name, what it did, how long it took. On a terminal the line shows its progress until then. */
export class Steps {
  private readonly start = Date.now();
  private lastPrinted = '';

  constructor(private readonly out: NodeJS.WriteStream = process.stdout) {}

  async run<T>(name: string, work: (progress: (text: string) => void) => Promise<{ readonly did: string; readonly result: T }>): Promise<T> {
    const start = Date.now();
    const label = `  ${name.padEnd(10)}`;
    if (this.out.isTTY) this.progress(`${label}…`);
    const { did, result } = await work((text) => this.progress(label + text));
    this.clear();
    this.out.write(`${label}${did.padEnd(70)}${seconds(Date.now() - start).padStart(8)}\n`);
    return result;
  }

  /** Since the first step. */
  get elapsedMs(): number {
    return Date.now() - this.start;
  }

  /** A line that the next one overwrites; where there is no terminal, a line whenever the text changes. */
  private progress(text: string): void {
    if (text === this.lastPrinted) return;
    this.lastPrinted = text;
    if (this.out.isTTY) this.out.write(`\r\u001b[K${text.slice(0, this.out.columns - 1)}`);
    else this.out.write(`${text}\n`);
  }

  private clear(): void {
    this.lastPrinted = '';
    if (this.out.isTTY) this.out.write('\r\u001b[K');
  }
}

/** `[########------------]` */
export function bar(done: number, total: number, width = 20): string {
  const filled = total === 0 ? 0 : Math.round(width * done / total);
  return `[${'#'.repeat(filled)}${'-'.repeat(width - filled)}]`;
}
