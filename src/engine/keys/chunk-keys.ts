import { duplicateMessage, ExclusionCursor, ExclusionList } from './exclusions';
import { KeyRun } from './key-run';
import { UniqueKey } from './unique-key';
import { RecordFault } from '../model/record-fault';

export interface KeySink {
  /** Takes the sorted runs, one behind the other, piece by piece; copies what it keeps. */
  writeKeys?(bytes: Uint8Array): Promise<void>;
}

/**
 * The keys of one chunk's records: those that are taken by an earlier record are refused, the others are gathered and
 * handed on.
 */
export class ChunkKeys {
  /**
   * @returns undefined where there are no keys, or nobody who takes them
   * @throws Error where there are exclusions all the same: the records would be published
   */
  static open(keys: readonly UniqueKey[], sink: KeySink, exclusions?: ExclusionList): ChunkKeys | undefined {
    if (keys.length > 0 && sink.writeKeys !== undefined) return new ChunkKeys(keys, sink, exclusions);
    if (exclusions === undefined || exclusions.length === 0) return undefined;
    throw new Error(`internal: expected keys, and somebody who takes them, because ${exclusions.length} records are to be excluded, got none`);
  }

  /** How many entries each run has that was handed on. */
  readonly runs: number[] = [];
  private readonly run: KeyRun;
  private readonly excluded: ExclusionCursor;

  private constructor(private readonly keys: readonly UniqueKey[], private readonly sink: KeySink, exclusions = ExclusionList.withRoomFor(0)) {
    this.run = new KeyRun(keys);
    this.excluded = new ExclusionCursor(exclusions);
  }

  /** Offset of the next record that `faultOf` refuses; Infinity: none. */
  get nextFaultOffset(): number {
    return this.excluded.nextOffset;
  }

  /** Entries that there is room for before they are handed on. */
  get room(): number {
    return this.run.room;
  }

  get full(): boolean {
    return this.run.full;
  }

  /**
   * Why a record that is valid by itself is not to be written. Asked for each of them once, in the order of the file.
   */
  faultOf(byteOffset: number): RecordFault | undefined {
    const exclusion = this.excluded.exclusionOf(byteOffset);
    if (exclusion === undefined) return undefined;
    const key = this.keys[exclusion.keyNumber];
    return { code: 'unique', column: key.column, message: duplicateMessage(key, exclusion) };
  }

  /** @param values of a record that is written */
  add(values: readonly string[], byteOffset: number, line: number): void {
    this.run.add(values, byteOffset, line);
  }

  /** @param words of key entries of records that are written, and none of which `faultOf` refuses */
  addEntries(words: Uint32Array): void {
    this.run.addEntries(words);
  }

  /** Hands a full run on. */
  async handOn(): Promise<void> {
    if (this.full) await this.endRun();
  }

  /** @throws Error when a record that was to be excluded did not come */
  async finish(): Promise<void> {
    if (this.run.length > 0) await this.endRun();
    this.excluded.requireEnd();
  }

  private async endRun(): Promise<void> {
    this.runs.push(this.run.length);
    for (const piece of this.run.take()) await this.sink.writeKeys?.(piece);
  }
}
