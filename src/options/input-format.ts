/** What the records of a file are written in. */
export enum InputFormat {
  /** Separated values, by commas unless the dialect says otherwise. */
  CSV = 'csv',

  /** CSV with tabs, unless the dialect declares a delimiter. */
  TSV = 'tsv',

  /** A JSON object a line (NDJSON). */
  JSON_LINES = 'jsonl',

  /** One JSON array of objects, of any size. */
  JSON_ARRAY = 'json',
}
