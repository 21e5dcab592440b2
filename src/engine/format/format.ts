import { Dialect } from '../../spec/dialect';
import { OutputColumn, recordColumnsOf } from '../../spec/output-columns';
import { OutputSettings } from '../../spec/output-settings';
import { missingTextsOf, Schema } from '../../spec/schema';
import { TranscodedEncodingName } from '../../spec/text-encodings';
import { isTrimmed } from '../../spec/trim';
import { resolveDialect } from '../grammar/dialect-bytes';
import { compileGrammar, compileLineGrammar, Grammar, LINE_END_SIZE } from '../grammar/grammar';
import { compileUnescape, Unescape } from '../grammar/unescape';
import { compileHead, FileHead, NO_HEAD } from '../header/file-head';
import { HeaderLayout, identityLayout, layoutOf } from '../header/header-layout';
import { compileKeys, UniqueKey, withRequiredPrimaryKey } from '../keys/unique-key';
import { Encoding, TextCodec, textCodec } from '../text/decode-text';
import { absentValue, compileField, FieldConverter } from '../types/field-converter';

export { type Encoding } from '../text/decode-text';

export interface FormatSettings {
  readonly schema: Schema;
  /** What concerns JSON in it has done its work before: here the records are on lines. */
  readonly dialect: Dialect;
  /** Bytes of a record without its line end. */
  readonly maxRecordSize: number;
  /** `json`: each line is a JSON object. Default `csv`. */
  readonly recordFormat?: RecordFormat;
  /** The encoding of the file's bytes. Default `utf-8`. */
  readonly encoding?: Encoding;
  /** The file's own encoding, where its text was transcoded to UTF-8: the one that messages name. */
  readonly transcodedFrom?: TranscodedEncodingName;
  /**
   * The names in the file's header, where they may differ from the schema's in name or order. Default: the schema's.
   */
  readonly columns?: readonly string[];
  /** The schema of the published records, where a transform makes them different from the file's. Default: `schema`. */
  readonly outputSchema?: Schema;
  /** Default: JSON Lines. */
  readonly output?: OutputSettings;
}

export type RecordFormat = 'csv' | 'json';

/** Schema and dialect, compiled: what planner, parser and validator share. */
export interface Format {
  /** What it was compiled from. */
  readonly settings: FormatSettings;
  /** The schema of the published records. */
  readonly outputSchema: Schema;
  /** In the order of the schema, like `converters`. */
  readonly fieldNames: readonly string[];
  readonly converters: readonly FieldConverter[];
  /** What each field is where a record ends before it. */
  readonly absentValues: ReadonlyArray<ReturnType<typeof absentValue>>;
  /** The fields, then the rescue column where there is one: the order of a `RecordReader`'s values. */
  readonly recordColumns: readonly OutputColumn[];
  /** The same for the `outputSchema`. */
  readonly outputColumns: readonly OutputColumn[];
  /** Which fields the columns of the file feed. JSON has no columns. */
  readonly layout: HeaderLayout;
  /** The keys that no two published records of the file may share. */
  readonly keys: readonly UniqueKey[];
  readonly grammar: Grammar;
  readonly unescape: Unescape;
  readonly codec: TextCodec;
  /** What stands before the records. */
  readonly head: FileHead;
  readonly maxRecordSize: number;
}

/** @throws Error when the schema holds something that cannot be compiled (a bad pattern, an unknown format) */
export function compileFormat(settings: FormatSettings): Format {
  const { dialect, recordFormat = 'csv', encoding = 'utf-8', transcodedFrom, columns, maxRecordSize } = settings;
  const schema = withRequiredPrimaryKey(settings.schema);
  const outputSchema = settings.outputSchema === undefined ? schema : withRequiredPrimaryKey(settings.outputSchema);
  const codec = textCodec(transcodedFrom ?? encoding);
  const grammar = recordFormat === 'json' ? compileLineGrammar() : compileGrammar(resolveDialect(dialect, codec));
  return {
    settings: schema === settings.schema ? settings : { ...settings, schema },
    outputSchema,
    fieldNames: schema.fields.map((field) => field.name),
    converters: schema.fields.map((field) => {
      const trimmed = { ...field, trim: isTrimmed(field, schema) };
      return compileField(trimmed, missingTextsOf(field, schema, dialect.nullSequence));
    }),
    absentValues: schema.fields.map(absentValue),
    recordColumns: recordColumnsOf(schema),
    outputColumns: recordColumnsOf(outputSchema),
    layout: columns === undefined ? identityLayout(schema) : layoutOf(schema, columns),
    keys: compileKeys(outputSchema),
    grammar,
    unescape: compileUnescape(grammar),
    codec,
    head: recordFormat === 'json' ? NO_HEAD : compileHead(dialect),
    maxRecordSize,
  };
}

/** Bytes within which a record must end, line end included. One that may need more is too large. */
export function recordReach({ maxRecordSize }: Format): number {
  return maxRecordSize + LINE_END_SIZE;
}
