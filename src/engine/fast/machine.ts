import { FAST_PATH_WASM } from './fast-path.wasm';
import { BLOCK, ESCAPE_LENGTH, ESCAPE_SHIFT, ESCAPES, PREFIX_MASK, PREFIX_MASK_SIZE, RESULTS, RESULTS_SIZE } from './layout';

const PAGE_SIZE = 64 * 1024;
/** Keeps addresses below 2^31: the module's are unsigned, but what it returns is signed. */
const MOST_MEMORY = 2 ** 31 - PAGE_SIZE;

/** What assembly/index.ts exports. */
interface Exports {
  configure(ops: number, fieldCount: number, maxRecordSize: number, delimiter: number, quote: number, comment: number): void;
  configureRecords(mayEndWithLf: boolean, mayEndWithCrLf: boolean, trailingDelimiter: boolean, skipBlank: boolean): void;
  configureLine(line: number): void;
  configureKeys(first: number, count: number, text: number, entries: number): void;
  run(start: number, limit: number, trusted: number, out: number, outLimit: number, origin: number, line: number,
    entryCount: number): number;
}

/** Declared in assembly/host-field.ts. */
export type ConvertField = (index: number, start: number, end: number, flags: number, out: number) => number;

const CONVERT_NOTHING: ConvertField = () => -1;

/** One instance of the module with a memory of its own. */
export class Machine {
  readonly exports: Exports;
  /** Converts the fields that have no op. */
  convertField: ConvertField = CONVERT_NOTHING;
  private readonly memory = new WebAssembly.Memory({ initial: 1 });
  private bytes: Buffer;
  private words: Int32Array;

  constructor(module: WebAssembly.Module) {
    const convertField: ConvertField = (...args) => this.convertField(...args);
    const instance = new WebAssembly.Instance(module, { env: { memory: this.memory, convertField } });
    this.exports = instance.exports as Exports;
    this.bytes = Buffer.from(this.memory.buffer);
    this.words = new Int32Array(this.memory.buffer, RESULTS, RESULTS_SIZE / 4);
    this.bytes.fill(0xff, PREFIX_MASK, PREFIX_MASK + PREFIX_MASK_SIZE);
  }

  /** One of the results of the last `run`. @param offset `RESULT_…` */
  result(offset: number): number {
    return this.words[offset >> 2];
  }

  /** Words that lie in the memory. */
  wordsAt(address: number, count: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, address, count);
  }

  /**
   * The memory, with at least `size` bytes. Earlier views of it are void.
   *
   * @returns undefined where it cannot be that large
   */
  reserve(size: number): Buffer | undefined {
    if (size > MOST_MEMORY) return undefined;
    const missing = size - this.bytes.length;
    if (missing > 0) {
      this.memory.grow(Math.ceil(missing / PAGE_SIZE));
      this.bytes = Buffer.from(this.memory.buffer);
      this.words = new Int32Array(this.memory.buffer, RESULTS, RESULTS_SIZE / 4);
    }
    return this.bytes;
  }

  /** @param escapes how each byte is written within the quotes of a string */
  writeEscapes(escapes: readonly Uint8Array[]): void {
    for (let byte = 1; byte < 128; byte++) {
      const escape = escapes[byte];
      const address = ESCAPES + (byte << ESCAPE_SHIFT);
      this.bytes.set(escape, address);
      this.bytes[address + ESCAPE_LENGTH] = escape.length;
    }
  }
}

/** The address, rounded up to the start of a block. */
export function aligned(address: number): number {
  return Math.ceil(address / BLOCK) * BLOCK;
}

let compiled: WebAssembly.Module | null | undefined;
/** Memories are large and given back late: a few are used again and again. */
const idle: Machine[] = [];

/** @returns undefined where WebAssembly or its SIMD is not to be had */
export function acquireMachine(): Machine | undefined {
  compiled ??= compileModule();
  if (compiled === null) return undefined;
  return idle.pop() ?? new Machine(compiled);
}

export function releaseMachine(machine: Machine): void {
  machine.convertField = CONVERT_NOTHING;
  idle.push(machine);
}

function compileModule(): WebAssembly.Module | null {
  if (typeof WebAssembly === 'undefined') return null;
  const bytes = Buffer.from(FAST_PATH_WASM, 'base64');
  return WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : null;
}
