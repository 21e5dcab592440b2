import { BenchFile } from './bench-file';
import { Schema } from '../../src/spec/schema';
import { flightsFile as flightsPath } from '../../test/e2e/flights';
import schema from '../../test/e2e/flights.schema.json';

/** Real data: the flights that left New York in 2013, 31 MB, no quotes, `NA` for a missing value. */
export const flightsFile: BenchFile = { name: 'flights', schema: schema as Schema, provide: async () => flightsPath() };
