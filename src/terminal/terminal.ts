/**
 * The one place where a text of the commands leaves for a terminal, held by lint. A file's name, a header, a value or a
 * message may be in all that they print: nothing of it may act, or pass for a line of its own.
 */
import { visible, visibleJson, withoutMiddle } from '../spec/visible-text';

export interface Terminal {
  /** Undefined where nobody looks at it: lines are not cut. */
  readonly columns?: number;
  /** One line of results. */
  print(line: string): void;
  /** One line of results for a program: the whole value, as JSON. */
  printJson(value: unknown): void;
  /** One line of what went wrong. */
  tell(line: string): void;
  /** Shows a line in place of the one before it, where somebody looks; the next line that is told takes its place. */
  overwrite(line: string): void;
}

interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Of a line: a message that quotes what somebody sent may be of any length. Its end says what to do. */
const MOST_OF_A_LINE = 2000;
const ERASE_LINE = '\r\x1b[K';

export function terminalOf(stdout: Stream, stderr: Stream): Terminal {
  let isOverwritable = false;
  const erase = () => {
    if (isOverwritable) stderr.write(ERASE_LINE);
    isOverwritable = false;
  };
  return {
    columns: stdout.isTTY === true ? stdout.columns : undefined,
    print: (line) => {
      erase();
      stdout.write(`${lineOf(line)}\n`);
    },
    printJson: (value) => {
      erase();
      stdout.write(`${visibleJson(value)}\n`);
    },
    tell: (line) => {
      erase();
      stderr.write(`csv-chunk-pipeline: ${lineOf(line)}\n`);
    },
    overwrite: (line) => {
      if (stderr.isTTY !== true) return;
      stderr.write(ERASE_LINE + lineOf(line));
      isOverwritable = true;
    },
  };
}

/** The terminal of this process. */
export function ownTerminal(): Terminal {
  if (process.stdout.listenerCount('error', onUnwritten) === 0) process.stdout.on('error', onUnwritten);
  if (process.stderr.listenerCount('error', failAtEnd) === 0) process.stderr.on('error', failAtEnd);
  return terminalOf(process.stdout, process.stderr);
}

/** What was to be kept, in a file on a full disk, is lost. */
function onUnwritten(error: NodeJS.ErrnoException): void {
  if (!isOfNoReader(error)) process.stderr.write(`csv-chunk-pipeline: expected what is printed to be written, got ${lineOf(error.message)}\n`);
  failAtEnd(error);
}

/** Of stderr itself nothing can be told but by the status. */
function failAtEnd(error: NodeJS.ErrnoException): void {
  if (isOfNoReader(error)) return;
  process.once('exit', () => { process.exitCode = process.exitCode === 0 ? 1 : process.exitCode; });
}

/** Whoever has stopped reading, as `head` does, has seen enough. */
function isOfNoReader({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE';
}

function lineOf(text: string): string {
  return withoutMiddle(visible(withoutMiddle(text, MOST_OF_A_LINE)), MOST_OF_A_LINE);
}
