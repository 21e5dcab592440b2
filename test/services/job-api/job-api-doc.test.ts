import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OPEN_API, refusedCodes } from './open-api';
import { API_ERRORS } from '../../../src/contract/api-routes';

const doc = readFileSync(join(__dirname, '../../../docs/job-api.md'), 'utf8');

/** The first two cells of each row of the table with this heading. */
function rowsOf(heading: string): string[][] {
  const table = doc.slice(doc.indexOf(heading)).split('\n\n')[0];
  return table.split('\n').slice(2).map((row) => row.split(' | ').slice(0, 2).map((cell) => cell.replace(/^\| |`/g, '')));
}

test('the table of errors has a row for each code of the function, with its status', () => {
  expect(rowsOf('| code | status | meaning | what to do |')).toEqual(Object.entries(API_ERRORS).map(([code, status]) => [code, String(status)]));
});

test('the other table has those of API Gateway, as the OpenAPI document names them', () => {
  const ofTheFunction: string[] = Object.keys(API_ERRORS);
  const codes = rowsOf('| code | status | meaning |\n').map(([code]) => code);
  expect(codes.sort()).toEqual(refusedCodes().filter((code) => !ofTheFunction.includes(code)).sort());
});

test('the table of routes has those of the OpenAPI document', () => {
  const documented = Object.entries(OPEN_API.paths).flatMap(([path, operations]) => Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`));
  expect(rowsOf('| route | what it does |').map(([route]) => route).sort()).toEqual(documented.sort());
});
