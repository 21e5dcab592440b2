/** Which reports of quality checks there are. */
export interface QualityReports {
  /** Keys of the folder that come after this one, in the order of their UTF-8. */
  keysAfter(folder: string, key: string): AsyncIterable<string>;
}
