/** Why we differ from a suite. Each is a decision, the same for every case that names it. */
export const WHY = {
  textAfterQuote: 'Text after a closing quote, blanks too, rejects the record (`quote`). What its writer meant cannot be known, and a repair would be a guess that nobody sees; `lazyQuotes` says what was meant.',
  openQuote: 'A quote that is never closed rejects the line that opens it (`quote`), and reading goes on below. The rest of the file is not swallowed as one field.',
  fieldCount: 'A record has as many fields as the schema, or it is rejected (`field_count`). Nothing is padded, dropped or gathered unless `fieldsMatch`, `allowShortRecords` or `allowLongRecords` asks for it; then it is counted.',
  blankLine: 'A line of no bytes is no record: it is skipped and counted. So is what follows the last line end. The empty value of a file of one column is written `""`.',
  emptyFields: 'Only a line of no bytes is skipped. A record of empty or blank fields is a record, and one with the wrong number of them is rejected (`field_count`); `skipBlankRecords` skips and counts it.',
  escape: 'The character after an escape character is taken as it is and the escape character is dropped, whatever it is (Python\'s rule). PapaParse drops it only before a quote; `escapeSequences` has the rules of MySQL and PostgreSQL.',
  escapeAtEnd: 'An escape character at the end of the file has nothing to escape: it is data.',
  skipInitialSpace: 'With `skipInitialSpace` blanks before a field are skipped. The suite\'s own expected file keeps them.',
  nul: 'No character of the dialect may be NUL, which is no character of a text.',
  suiteFault: 'The suite contradicts itself: its CSV has 2095257564, the JSON beside it 1234567890. What stands in the CSV is published.',
} as const;
