/**
 * Says where in the sources the lines of a handler's stack trace are. Reads text with places such as
 * `/var/task/index.js:12:3456` from the standard input, and writes it with what each is in the sources.
 *
 * node source-position.js assets/process-chunk/index.js.map < stack.txt
 */
const { readFileSync } = require('node:fs');
const { SourceMap } = require('node:module');

/** As a stack trace has it, from 1; a map counts from 0. */
const PLACE = /[^\s()]*\bindex\.js:(\d+):(\d+)/g;

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: node source-position.js assets/HANDLER/index.js.map < STACK');
  process.exit(2);
}
const map = new SourceMap(JSON.parse(readFileSync(file, 'utf8')));
const stack = readFileSync(0, 'utf8');
process.stdout.write(stack.replace(PLACE, (place, line, column) => {
  const { originalSource, originalLine, originalColumn } = map.findEntry(Number(line) - 1, Number(column) - 1);
  if (originalSource === undefined) return place;
  return `${originalSource.replace(/^(\.\.\/)+/, '')}:${originalLine + 1}:${originalColumn + 1}`;
}));
