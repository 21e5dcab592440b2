import { createHash, Hash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { devNull } from 'node:os';

/** What an engine says of one run, as the last line of its standard output. */
export interface EngineReport {
  readonly seconds: number;
  readonly peakRssMb: number;
  readonly written: number;
  readonly rejected: number;
  /** Of the output file; only where it was asked for. */
  readonly sha256?: string;
}

/** Where an engine writes valid lines and rejects to: two files, in large pieces. */
export class Sink {
  private readonly output: number;
  private readonly rejects: number;
  private text = '';
  private rejectText = '';
  private readonly hash: Hash | undefined;

  constructor(outputPath: string, check: boolean) {
    this.output = openSync(outputPath, 'w');
    this.rejects = openSync(outputPath === devNull ? devNull : `${outputPath}.rejects`, 'w');
    this.hash = check ? createHash('sha256') : undefined;
  }

  line(line: string): void {
    this.text += line;
    if (this.text.length > 262_144) this.flush();
  }

  reject(line: string): void {
    this.rejectText += line;
    if (this.rejectText.length > 65_536) this.flush();
  }

  bytes(bytes: Uint8Array): void {
    writeSync(this.output, bytes);
    this.hash?.update(bytes);
  }

  close(): string | undefined {
    this.flush();
    closeSync(this.output);
    closeSync(this.rejects);
    return this.hash?.digest('hex');
  }

  private flush(): void {
    if (this.text !== '') this.bytes(Buffer.from(this.text));
    if (this.rejectText !== '') writeSync(this.rejects, this.rejectText);
    this.text = '';
    this.rejectText = '';
  }
}

/** Runs an engine over `argv[2]` and reports. */
export async function runEngine(engine: (input: string, sink: Sink) => Promise<{ written: number; rejected: number }>): Promise<void> {
  const [, , input, output, check] = process.argv;
  const sink = new Sink(output, check === 'check');
  const start = performance.now();
  const counts = await engine(input, sink);
  const sha256 = sink.close();
  const report: EngineReport = {
    seconds: (performance.now() - start) / 1000,
    peakRssMb: process.resourceUsage().maxRSS / 1024,
    ...counts,
    sha256,
  };
  console.log(JSON.stringify(report));
}
