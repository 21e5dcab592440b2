/** Nothing that is printed acts on a terminal, whatever it quotes. */
import { Terminal, terminalOf } from '../../src/terminal/terminal';

const written = { stdout: '', stderr: '' };
let terminal: Terminal;

beforeEach(() => {
  Object.assign(written, { stdout: '', stderr: '' });
  terminal = terminalOf({ write: (text) => { written.stdout += text; } }, { write: (text) => { written.stderr += text; }, isTTY: true });
});

/** One of each kind that has been used to harm who reads a log. */
const HARMFUL = {
  'a title is set': '\x1b]0;owned\x07',
  'the screen is cleared': '\x1b[2J\x1b[H',
  'the same in one byte (C1)': '\u009b2J',
  'a line is written over': 'error\rok   ',
  'a line is added': 'x\ncsv-chunk-pipeline: all is well',
  'other ends of a line': '\u0085\u2028\u2029\v\f',
  'the last character is taken back': 'no\b\bok\x7f',
  'it is read the other way round': 'gpj.\u202eexe.\u2066a\u2069\u200f\u061c',
  'it cannot be seen': '\u200b\u200c\u200d\u2060\ufeff\u00ad\u3164',
  'tags': '\u{e0041}\u{e007f}',
  'NUL': 'a\0b',
  'half a character': '\ud83d',
};

test.each(Object.entries(HARMFUL))('%s: escaped by all that prints', (_, text) => {
  terminal.print(text);
  terminal.printJson({ [text]: text });
  terminal.tell(text);
  expect(written.stdout).toMatch(/^[ -~]+\n[ -~]+\n$/);
  expect(written.stderr).toMatch(/^csv-chunk-pipeline: [ -~]+\n$/);
  expect(JSON.parse(written.stdout.split('\n')[1])).toEqual({ [text]: text });
});

test('the bar is overwritten in place, and escaped too', () => {
  terminal.overwrite('a\x1b[2J');
  expect(written.stderr).toBe('\r\x1b[Ka\\u001b[2J');
});

test.each(['a', '\x1b', '😀'])('a line of a million %j is as long as a person reads, its end is there', (character) => {
  terminal.tell(`expected ${character.repeat(1_000_000)} to be short: cut it`);
  expect(written.stderr.length).toBeLessThan(2100);
  expect(written.stderr).toMatch(/^csv-chunk-pipeline: expected .*….*: cut it\n$/);
  expect(written.stderr).not.toContain('\\ud83d');
});

test('a value for a program is whole', () => {
  terminal.printJson('a'.repeat(100_000));
  expect(written.stdout.length).toBe(100_003);
});

test('names in any script stay as they are', () => {
  terminal.print('Größe 東京 المبلغ राशि 😀');
  expect(written.stdout).toBe('Größe 東京 المبلغ राशि 😀\n');
});
