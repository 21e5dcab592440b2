import { ProgressBar } from '../../src/preflight/progress';
import { Terminal, terminalOf } from '../../src/terminal/terminal';

function terminalThatIs(isTTY: boolean): { terminal: Terminal; written(): string } {
  let text = '';
  const stderr = { isTTY, write: (piece: string) => { text += piece; } };
  return { terminal: terminalOf({ write: () => undefined }, stderr), written: () => text };
}

/** What is visible on the line, after carriage returns and erasures. */
const lineOf = (text: string) => text.split('\r\x1b[K').at(-1);

test('a terminal shows the share of the bytes that are done, over all chunks', () => {
  const { terminal, written } = terminalThatIs(true);
  jest.useFakeTimers();
  const bar = new ProgressBar(terminal, 1000);
  bar.step('processing 2 chunks');
  expect(lineOf(written())).toBe(`[${'.'.repeat(30)}]   0 % processing 2 chunks`);
  jest.advanceTimersByTime(200);
  bar.chunk('a', 250);
  jest.advanceTimersByTime(200);
  bar.chunk('b', 250);
  expect(lineOf(written())).toBe(`[${'#'.repeat(15)}${'.'.repeat(15)}]  50 % processing 2 chunks`);
  jest.advanceTimersByTime(200);
  bar.chunk('a', 500);
  expect(lineOf(written())).toBe(`[${'#'.repeat(23)}${'.'.repeat(7)}]  75 % processing 2 chunks`);
  bar.end();
  expect(lineOf(written())).toBe('');
  jest.useRealTimers();
});

test('a file that is unpacked first is shown by the bytes of it that are read; its text begins anew', () => {
  const { terminal, written } = terminalThatIs(true);
  jest.useFakeTimers();
  const bar = new ProgressBar(terminal, 100);
  bar.step('unpacking the file');
  for (const [read, shown] of [[25, ' 25 %'], [50, ' 50 %'], [100, '100 %']] as const) {
    jest.advanceTimersByTime(200);
    bar.unpacked(read);
    expect(lineOf(written())).toMatch(new RegExp(`\\] ${shown} unpacking the file$`));
  }
  bar.expect(1000);
  bar.step('processing 1 chunk');
  expect(lineOf(written())).toMatch(/ 0 % processing 1 chunk$/);
  jest.advanceTimersByTime(200);
  bar.chunk('a', 300);
  expect(lineOf(written())).toMatch(/ 30 % processing 1 chunk$/);
  jest.useRealTimers();
});

test('what is to be done may turn out to be more than the file', () => {
  const { terminal, written } = terminalThatIs(true);
  jest.useFakeTimers();
  const bar = new ProgressBar(terminal, 100);
  bar.expect(1000);
  jest.advanceTimersByTime(200);
  bar.chunk('a', 500);
  expect(lineOf(written())).toMatch(/ 50 % $/);
  jest.useRealTimers();
});

test('it is drawn ten times a second at most, however often it is told', () => {
  const { terminal, written } = terminalThatIs(true);
  jest.useFakeTimers();
  const bar = new ProgressBar(terminal, 1000);
  bar.step('processing 1 chunk');
  for (let done = 0; done < 1000; done++) {
    bar.unpacked(done);
    bar.chunk('a', done);
  }
  expect(written().split('\r').length - 1).toBe(1);
  jest.useRealTimers();
});

test('what is told takes the place of the bar', () => {
  const { terminal, written } = terminalThatIs(true);
  new ProgressBar(terminal, 1000).step('publishing');
  terminal.tell('it failed');
  expect(lineOf(written())).toBe('csv-chunk-pipeline: it failed\n');
});

test('nothing is drawn where there is no terminal', () => {
  const { terminal, written } = terminalThatIs(false);
  const bar = new ProgressBar(terminal, 1000);
  bar.step('processing');
  bar.unpacked(1000);
  bar.chunk('a', 1000);
  bar.end();
  expect(written()).toBe('');
});
