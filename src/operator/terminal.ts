/** What the commands write to. A file's name or a message may be in all that they print: nothing of it may act. */
import { visible } from '../spec/visible-text';

export interface Terminal {
  /** Undefined where nobody looks at it: lines are not cut. */
  readonly columns?: number;
  /** One line of results. */
  print(line: string): void;
  /** One line of what went wrong. */
  tell(line: string): void;
}

interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export function terminalOf(stdout: Stream, stderr: Stream): Terminal {
  return {
    print: (line) => { stdout.write(`${visible(line)}\n`); },
    tell: (line) => { stderr.write(`csv-chunk-pipeline: ${visible(line)}\n`); },
    columns: stdout.isTTY === true ? stdout.columns : undefined,
  };
}
