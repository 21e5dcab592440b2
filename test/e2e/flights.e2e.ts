import * as fs from 'node:fs';
import { DeployedPipeline } from './deployed-pipeline';
import { flightsFile } from './flights';

interface Flight {
  readonly dep_time: number | null;
  readonly distance: number;
}

/** No quotes in 31 MB: no boundary can be found by the grammar alone, each is a guess that the chain has to prove. */
describe('the flights of 2013 from New York', () => {
  const published: Buffer[] = [];

  test.each(['FlightsInSmallChunks', 'FlightsInLargeChunks'])('%s: all records are published', async (stackName) => {
    const pipeline = new DeployedPipeline(stackName);
    const record = await pipeline.process('incoming/flights.csv', fs.readFileSync(flightsFile()));

    expect(record.job).toMatchObject({ status: 'SUCCEEDED', records_read: 336_776, records_written: 336_776, records_rejected: 0 });
    const bytes = await pipeline.published(record);
    const flights = bytes.toString().trimEnd().split('\n').map((line) => JSON.parse(line) as Flight);
    expect(flights).toHaveLength(336_776);
    expect(flights.reduce((sum, { distance }) => sum + distance, 0)).toBe(350_217_607);
    expect(flights.filter(({ dep_time: time }) => time === null)).toHaveLength(8_255);
    published.push(bytes);
  });

  test('both chunk sizes publish the same bytes', () => {
    const [small, large] = published;
    expect(small.equals(large)).toBe(true);
  });
});
