/**
 * An example's README tells, requirement by requirement, how it is met and which test holds it. Here that table is held
 * to the tests.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';

const ROOT = path.join(__dirname, '..', '..');

interface RequirementRow {
  readonly requirement: string;
  readonly tests: readonly string[];
}

/** Rows of the tables whose last column is `test`: one or several titles in backticks. */
export function requirementRows(page: string): RequirementRow[] {
  const rows: RequirementRow[] = [];
  let isTable = false;
  for (const line of fs.readFileSync(path.join(ROOT, page), 'utf8').split('\n')) {
    if (!line.startsWith('|')) {
      isTable = false;
      continue;
    }
    const cells = line.slice(1, -1).split('|').map((cell) => cell.trim());
    if (cells.at(-1) === 'test') isTable = true;
    else if (isTable && !/^-+$/.test(cells[0])) rows.push({ requirement: cells[0], tests: [...cells.at(-1)!.matchAll(/`([^`]+)`/g)].map(([, title]) => title) });
  }
  return rows;
}

/** @param files where the tests are */
export function holdRequirements(page: string, files: readonly string[]): void {
  const titles = files.flatMap((file) => [...fs.readFileSync(path.join(ROOT, file), 'utf8').matchAll(/\btest(?:\.each\([^\n]*\))?\('((?:[^'\\]|\\.)+)'/g)].map(([, title]) => title.replaceAll("\\'", "'")));

  test('each requirement names tests that are there', () => {
    const rows = requirementRows(page);
    expect(rows.length).toBeGreaterThan(0);
    for (const { requirement, tests } of rows) {
      expect([requirement, tests]).not.toEqual([requirement, []]);
      for (const title of tests) expect(titles).toContain(title);
    }
  });
}
