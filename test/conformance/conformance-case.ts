import { Dialect } from '../../src/spec/dialect';
import { RejectCode } from '../../src/spec/error-codes';
import { Field } from '../../src/spec/schema';

/** `null`: no value. */
export type Values = ReadonlyArray<string | null>;

export interface ConformanceCase {
  /** Where the suite has it. */
  readonly id: string;
  /** What it is about. */
  readonly about: string;
  readonly input: string;
  /** As the suite's, in the names of Table Dialect. No header unless it says so. */
  readonly dialect?: Dialect;
  /** The schema's fields. Default: a string for each value of the first expected record. */
  readonly fields?: number | readonly Field[];
  /** Default none: an empty field is an empty string, as in the suites. */
  readonly missingValues?: readonly string[];
  readonly quotedMissingValues?: boolean;
  /** The records that the suite expects; `error`: that it is refused. */
  readonly expected: readonly Values[] | 'error';
  readonly differs?: Difference;
}

/** What the engine does instead. */
export interface Difference {
  /** The dialect is refused, with this in the message: there are no records. */
  readonly refused?: string;
  readonly records: readonly Values[];
  /** In file order, with the record's bytes as text. */
  readonly rejects?: ReadonlyArray<readonly [code: RejectCode, record: string]>;
  /** Every reason that has a part in it. */
  readonly why: readonly string[];
}

/** Parts of a suite that say nothing about how text is read as records. */
export interface NotApplicable {
  readonly why: string;
  readonly count: number;
  /** Which ones, in the suite's names. */
  readonly which: string;
}

export interface Suite {
  readonly name: string;
  readonly url: string;
  /** The version that was read. */
  readonly version: string;
  readonly cases: readonly ConformanceCase[];
  /** What `notApplicable` counts: a suite's tests are not always its cases. */
  readonly unit: string;
  readonly notApplicable: readonly NotApplicable[];
  /** What else the documentation says of the suite. */
  readonly note?: string;
}
