import { JOB, outputFormat, writePart } from './output-run';
import { compileFormat } from '../../../src/engine/format/format';
import { processRecords } from '../../../src/engine/process/process-records';
import { OutputSettings } from '../../../src/spec/output-settings';
import { bytesSource } from '../support/engine-run';

const CONTENT = 't\na\n"b\nc"\nd\n';
const ALL: OutputSettings = { metadataColumns: ['_job_id', '_source_key', '_byte_offset', '_ingestion_time'] };

const lines = ({ bytes }: { bytes: Buffer }) => bytes.toString().split('\n').slice(0, -1);

test('come after the columns of the schema, in every record', async () => {
  const written = lines(await writePart(CONTENT, outputFormat(['t'], ALL)));
  expect(written.map((line) => JSON.parse(line) as unknown)).toEqual([['a', 2], ['b\nc', 4], ['d', 10]].map(([t, _byte_offset]) => ({
    t, _job_id: JOB.jobId, _source_key: JOB.sourceKey, _byte_offset, _ingestion_time: JOB.ingestionTime,
  })));
  expect(written[0]).toMatch(/^{"t":"a","_job_id":"0123abcd","_source_key":/);
});

test('in the order in which they were asked for', async () => {
  const [first] = lines(await writePart(CONTENT, outputFormat(['t'], { metadataColumns: ['_byte_offset', '_job_id'] })));
  expect(first).toBe('{"t":"a","_byte_offset":2,"_job_id":"0123abcd"}');
});

test('in CSV', async () => {
  const { bytes } = await writePart(CONTENT, outputFormat(['t'], { ...ALL, format: 'csv' }));
  expect(bytes.toString().split('\n').slice(0, 2)).toEqual([
    't,_job_id,_source_key,_byte_offset,_ingestion_time',
    'a,0123abcd,"incoming/a ""b"".csv",2,2026-01-02T03:04:05.678Z',
  ]);
});

test('offsets are those of the file, in each of its chunks', async () => {
  const format = outputFormat(['t'], { metadataColumns: ['_byte_offset'] });
  const [last] = lines(await writePart(CONTENT, format, { start: 10, end: CONTENT.length }));
  expect(last).toBe('{"t":"d","_byte_offset":10}');
});

test('a missing value is no blank line of CSV where there are metadata columns', async () => {
  const format = outputFormat(['t'], { format: 'csv', metadataColumns: ['_byte_offset'] }, { header: false }, { missingValues: ['NA'] });
  const { bytes, rejects } = await writePart('NA\n', format);
  expect([bytes.toString(), rejects]).toEqual(['t,_byte_offset\n,0\n', []]);
});

test('nothing is written where nobody says what the job is', async () => {
  const format = compileFormat({ schema: { fields: [{ name: 't' }] }, dialect: {}, maxRecordSize: 1024, output: ALL });
  const write = jest.fn(async () => undefined);
  await expect(processRecords(bytesSource(CONTENT), format, { start: 0, end: CONTENT.length }, { write, rejects: async () => undefined }))
    .rejects.toThrow(/expected what _job_id, .* say of the job, got nothing/);
  expect(write).not.toHaveBeenCalled();
});
