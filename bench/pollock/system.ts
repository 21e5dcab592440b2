import { Rows } from './metric';
import { PollutedFile } from './polluted-file';

/** A way to load the files: an engine and its settings. */
export interface System {
  readonly name: string;
  load(file: PollutedFile): Promise<Loaded | Refusal>;
}

export interface Loaded {
  /** Names first. */
  readonly rows: Rows;
  /** Of the records that the system told that it left out. */
  readonly rejectedLines: number;
}

export interface Refusal {
  readonly refused: string;
}
