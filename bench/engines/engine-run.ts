import { closeSync, openSync, writeSync } from 'node:fs';
import { Schema } from '../../src/spec/schema';
import { compileLine } from '../by-hand';
import { jsonText } from '../json-text';

/** What an engine is to do, as JSON in `argv[2]`. */
export interface Job {
  readonly input: string;
  /** JSON Lines of the valid records. */
  readonly output: string;
  readonly rejects: string;
  readonly schema: Schema;
  /** Only the records that begin within this many bytes; for the engines that know of chunks. */
  readonly chunkSize?: number;
  /** The same was done once before in this process, without being timed. */
  readonly warm?: boolean;
}

export interface Counts {
  readonly written: number;
  /** Undefined: the engine drops them without a count. */
  readonly rejected?: number;
}

/** What an engine says of its run, as the last line of its standard output. */
export interface EngineReport extends Counts {
  readonly seconds: number;
  /** CPU time of all threads. */
  readonly cpuSeconds: number;
  readonly peakRssMb: number;
}

const BUFFER_SIZE = 1024 * 1024;
/** Most bytes of UTF-8 that a UTF-16 unit becomes. */
const MOST_BYTES = 3;

/** Gathers lines as bytes: a gathered string would take two bytes a character as soon as one line needs them. */
class LineFile {
  private readonly file: number;
  private readonly buffer = Buffer.allocUnsafeSlow(BUFFER_SIZE);
  private length = 0;

  constructor(file: string) {
    this.file = openSync(file, 'w');
  }

  line(line: string): void {
    if (this.length + line.length * MOST_BYTES > BUFFER_SIZE) this.flush();
    this.length += this.buffer.write(line, this.length);
  }

  bytes(bytes: Uint8Array): void {
    writeSync(this.file, bytes);
  }

  close(): void {
    this.flush();
    closeSync(this.file);
  }

  private flush(): void {
    this.bytes(this.buffer.subarray(0, this.length));
    this.length = 0;
  }
}

/** Where an engine in JavaScript writes valid lines and rejects to, in large pieces. */
export class Sink {
  readonly output: LineFile;
  readonly rejects: LineFile;

  constructor(job: Job) {
    this.output = new LineFile(job.output);
    this.rejects = new LineFile(job.rejects);
  }

  close(): void {
    this.output.close();
    this.rejects.close();
  }
}

/**
 * Runs an engine over the job that the process was given, and reports. The time of loading the engine does not count.
 */
export async function runEngine(engine: (job: Job) => Promise<Counts>): Promise<void> {
  const job = JSON.parse(process.argv[2]) as Job;
  if (job.warm) await engine(job);
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  const counts = await engine(job);
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const report: EngineReport = { seconds, cpuSeconds: (user + system) / 1e6, peakRssMb: process.resourceUsage().maxRSS / 1024, ...counts };
  console.log(JSON.stringify(report));
}

/**
 * For engines that only split: the rest of the job is done by hand.
 *
 * @param split calls back with each record but the header
 */
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
        sink.rejects.line(`{"record":${written + rejected},"fields":[${fields.map(jsonText).join()}]}\n`);
      } else {
        written++;
        sink.output.line(line);
      }
    });
    sink.close();
    return { written, rejected };
  });
}
