import { Dialect, resolveDialect } from './dialect';
import { compileField, FieldConverter } from './field-converter';
import { compileGrammar, Grammar } from './grammar';
import { compileUnescape } from './record-parser';
import { Schema } from './schema';

export interface FormatSettings {
  readonly schema: Schema;
  readonly dialect: Dialect;
  /** Bytes of a record without its line end. */
  readonly maxRecordSize: number;
  /** `json`: each line is a JSON object. Default `csv`. */
  readonly recordFormat?: RecordFormat;
  /** Of the file's bytes. Default `utf-8`. */
  readonly encoding?: Encoding;
  /** The names in the file's header, where they need not be the schema's in the schema's order. Default: the schema's. */
  readonly columns?: readonly string[];
}

export type RecordFormat = 'csv' | 'json';
/** Encodings in which a line end is one byte, so that a file can be cut in place. */
export type Encoding = 'utf-8' | 'iso-8859-1' | 'windows-1252';

/** Schema and dialect, compiled: what planner, parser and validator share. */
export interface Format {
  /** What it was compiled from. */
  readonly settings: FormatSettings;
  readonly fieldNames: readonly string[];
  readonly converters: readonly FieldConverter[];
  readonly grammar: Grammar;
  readonly unescape: (text: string, quoted: boolean) => string;
  readonly header: boolean;
  readonly maxRecordSize: number;
}

/** @throws Error when the schema holds something that cannot be compiled (a bad pattern, an unknown format) */
export function compileFormat(settings: FormatSettings): Format {
  const grammar = compileGrammar(resolveDialect(settings.dialect));
  const missingValues = settings.schema.missingValues ?? [''];
  return {
    settings,
    fieldNames: settings.schema.fields.map((field) => field.name),
    converters: settings.schema.fields.map((field) => compileField(field, missingValues)),
    grammar,
    unescape: compileUnescape(grammar),
    header: grammar.dialect.header,
    maxRecordSize: settings.maxRecordSize,
  };
}
