import { LineBuffer } from './line-buffer';
import { OutputEncoder } from './output-encoder';
import { OutputColumn } from '../../spec/output-columns';
import { OutputSettings } from '../../spec/output-settings';
import { Schema } from '../../spec/schema';

export interface FitFault {
  readonly column: string;
  readonly message: string;
}

/**
 * Not every format holds every value. A record that would not come back as it is, is refused before an encoder sees it:
 * encoders never round, and never fail.
 *
 * @param values as an encoder would get them, without metadata columns
 */
export type FitCheck = (values: readonly string[]) => FitFault | undefined;

/** All that there is to one format of part files. */
export interface PartFormat {
  /** The end of a part file's key, with its point. */
  readonly suffix: string;
  readonly contentType: string;
  /**
   * @param columns the metadata columns too
   * @param schema of the published records
   * @param lines where text encoders gather their lines; the fast path may write there too, so that they stay in order
   */
  encoder(columns: readonly OutputColumn[], schema: Schema, settings: OutputSettings, lines: LineBuffer): OutputEncoder;
  /**
   * @param columns without the metadata columns
   * @returns undefined: the format holds every record
   */
  fit(columns: readonly OutputColumn[], settings: OutputSettings): FitCheck | undefined;
}
