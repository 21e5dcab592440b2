/** What came of the run of one seed. */
export interface RunResult {
  readonly seed: number;
  readonly scenario: string;
  /** Empty: every promise was kept. */
  readonly broken: readonly string[];
  readonly trace: readonly string[];
  /** How many jobs, executions and calls there were, for a person to see that something happened. */
  readonly summary: string;
}
