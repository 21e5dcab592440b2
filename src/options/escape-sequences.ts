/** What an escape character and what follows it stand for. */
export enum EscapeSequences {
  /** The next character stands for itself. */
  LITERAL = 'literal',
  /** As MySQL and Aurora write and read them: `\0`, `\b`, `\n`, `\r`, `\t` and `\Z`; other characters stand for themselves. */
  MYSQL = 'mysql',
  /**
   * As the text format of PostgreSQL's `COPY` has them: `\b`, `\f`, `\n`, `\r`, `\t`, `\v`, and octal (`\101`) and
   * hexadecimal (`\x41`) codes; other characters stand for themselves. The line `\.` is skipped.
   */
  POSTGRESQL = 'postgresql',
}
