/** What `docs/table-schema.md` says, held against what the engine does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { convert } from './engine/types/convert';
import { PATTERN_DIRECTIVES } from '../src/engine/types/date-pattern';

type DateType = 'date' | 'datetime';

const lines = readFileSync(join(__dirname, '../docs/table-schema.md'), 'utf8').split('\n');

/** The cells of the rows below a table's head. */
function table(head: string): string[][] {
  const start = lines.indexOf(head) + 2;
  const end = lines.findIndex((line, index) => index >= start && !line.startsWith('|'));
  return lines.slice(start, end).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
}

/** The code in a cell. */
const codes = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code);
const code = (cell: string): string => codes(cell)[0];

describe('formats of dates and times', () => {
  const named = table('| type | `format` | reads | refuses |').map((cells) => [code(cells[0]) as DateType, code(cells[1]), codes(cells[2]), codes(cells[3])] as const);
  const directives = table('| directive | reads | format | for example | is |').map((cells) => [code(cells[0]), ...cells.slice(2).map(code)]);

  test('default and any have their rows', () => {
    expect(named.map(([type, format]) => `${type} ${format}`)).toEqual(['date default', 'date any', 'datetime default', 'datetime any']);
  });

  test.each(named)('%s %s', (type, format, reads, refuses) => {
    for (const text of reads) expect([text, convert({ type, format }, text)]).toEqual([text, expect.stringMatching(/^"/)]);
    for (const text of refuses) expect([text, convert({ type, format }, text)]).toEqual([text, 'type']);
  });

  test('each directive has its row, with an example that holds it', () => {
    expect(directives.map(([directive]) => directive)).toEqual(PATTERN_DIRECTIVES.map((letter) => `%${letter}`));
    expect(directives.filter(([directive, format]) => !format.includes(directive))).toEqual([]);
  });

  test.each(directives)('%s: %s', (_, format, text, value) => {
    expect(convert({ type: value.includes('T') ? 'datetime' : 'date', format }, text)).toBe(`"${value}"`);
  });
});
