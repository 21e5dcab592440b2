import { closeSync, openSync, writeSync } from 'node:fs';
import { Schema } from '../../src/engine/schema';
import { compileLine } from '../by-hand';
import { jsonText } from '../json-text';

/** What an engine is to do, as JSON in `argv[2]`. */
export interface Job {
  readonly input: string;
  /** JSON Lines of the valid records. */
  readonly output: string;
  readonly rejects: string;
  readonly schema: Schema;
  /** Only the records that begin in the first so many bytes; for the engines that know of chunks. */
  readonly chunkSize?: number;
}

export interface Counts {
  readonly written: number;
  /** Undefined: the engine drops them without a count. */
  readonly rejected?: number;
}

/** What an engine says of its run, as the last line of its standard output. */
export interface EngineReport extends Counts {
  readonly seconds: number;
  /** Of all threads. */
  readonly cpuSeconds: number;
  readonly peakRssMb: number;
}

/** Where an engine in JavaScript writes valid lines and rejects to, in large pieces. */
export class Sink {
  private readonly output: number;
  private readonly rejects: number;
  private text = '';
  private rejectText = '';

  constructor(job: Job) {
    this.output = openSync(job.output, 'w');
    this.rejects = openSync(job.rejects, 'w');
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
  }

  close(): void {
    this.flush();
    closeSync(this.output);
    closeSync(this.rejects);
  }

  private flush(): void {
    if (this.text !== '') writeSync(this.output, this.text);
    if (this.rejectText !== '') writeSync(this.rejects, this.rejectText);
    this.text = '';
    this.rejectText = '';
  }
}

/** Runs an engine over the job that the process was given, and reports. The time of loading the engine does not count. */
export async function runEngine(engine: (job: Job) => Promise<Counts>): Promise<void> {
  const job = JSON.parse(process.argv[2]) as Job;
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  const counts = await engine(job);
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const report: EngineReport = { seconds, cpuSeconds: (user + system) / 1e6, peakRssMb: process.resourceUsage().maxRSS / 1024, ...counts };
  console.log(JSON.stringify(report));
}

/** For engines that only split: the rest of the job is done by hand. @param split calls back with each record but the header */
export function runSplitter(split: (input: string, record: (fields: readonly string[]) => void) => Promise<void>): Promise<void> {
  return runEngine(async (job) => {
    const lineOf = compileLine(job.schema);
    const sink = new Sink(job);
    let written = 0;
    let rejected = 0;
    await split(job.input, (fields) => {
      const line = lineOf(fields);
      if (line === undefined) {
        rejected++;
        sink.reject(`{"record":${written + rejected},"fields":[${fields.map(jsonText).join()}]}\n`);
      } else {
        written++;
        sink.line(line);
      }
    });
    sink.close();
    return { written, rejected };
  });
}
