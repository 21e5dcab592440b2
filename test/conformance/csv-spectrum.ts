import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ConformanceCase, Difference, Suite } from './conformance-case';
import { WHY } from './reasons';

const FOLDER = path.dirname(require.resolve('csv-spectrum/package.json'));

const DIFFERENCES: Readonly<Record<string, Difference>> = {
  location_coordinates: {
    records: [
      ['Contact Phone Number', 'Location Coordinates', 'Cities', 'Counties'],
      ['2095257564', '37\ufffd36\'37.8"N 121\ufffd2\'17.9"W', 'Modesto', 'Stanislaus'],
    ],
    why: [WHY.suiteFault],
  },
};

/** The suite's files as the package has them. The header is read as a record like the others. */
function cases(): ConformanceCase[] {
  const names = readdirSync(path.join(FOLDER, 'csvs')).map((file) => path.basename(file, '.csv')).sort();
  return names.map((name) => {
    const json: unknown = JSON.parse(readFileSync(path.join(FOLDER, 'json', `${name}.json`), 'utf8'));
    const records = (Array.isArray(json) ? json : [json]) as Array<Record<string, string>>;
    return {
      id: name,
      about: name.replaceAll('_', ' '),
      input: readFileSync(path.join(FOLDER, 'csvs', `${name}.csv`), 'utf8'),
      expected: [Object.keys(records[0]), ...records.map((record) => Object.values(record))],
      differs: DIFFERENCES[name],
    };
  });
}

/** The npm package csv-spectrum. */
export const CSV_SPECTRUM: Suite = {
  name: 'csv-spectrum',
  url: 'https://github.com/max-mapper/csv-spectrum',
  version: 'npm 2.0.0',
  cases: cases(),
  unit: 'files',
  notApplicable: [],
};
