/** In which spellings a suffix takes a file. */
export enum SuffixCase {
  /** In upper, lower or mixed case: `.csv` takes `.CSV` and `.Csv` too. Each spelling needs room in an event rule. */
  ANY = 'any',

  /**
   * As it is written, and no other: `.csv` does not take `.CSV`. Four suffixes share one event rule, as long as none
   * holds its first character twice.
   */
  EXACT = 'exact',
}
