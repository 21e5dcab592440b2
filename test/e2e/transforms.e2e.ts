import { DeployedPipeline } from './deployed-pipeline';

describe('a module transform', () => {
  const pipeline = new DeployedPipeline('ModuleTransform');

  test('publishes what it returns, leaves out nulls, and quarantines what it refuses and what it throws for', async () => {
    const body = 'id,text\n1,one\n2,drop\n3,refuse\n4,throw\n9007199254740993,large\n';
    const record = await pipeline.process('incoming/module.csv', body);

    expect(record.job).toMatchObject({ status: 'SUCCEEDED', records_read: 5, records_written: 2, records_rejected: 2, records_filtered: 1 });
    expect((await pipeline.published(record)).toString())
      .toBe('{"id":1,"kind":"number","text":"ONE"}\n{"id":9007199254740993,"kind":"bigint","text":"LARGE"}\n');
    expect(await pipeline.rejected(record)).toEqual([
      expect.objectContaining({ _line: '4', _code: 'transform', _column: 'text', _message: 'refused by the module', _record: '3,refuse' }),
      expect.objectContaining({ _line: '5', _code: 'transform', _column: '', _message: 'thrown for 4', _record: '4,throw' }),
    ]);
    expect(await pipeline.report(record)).toMatchObject({ recordsRead: 5, recordsWritten: 2, recordsRejected: 2, recordsFiltered: 1 });
  });
});

describe('a function in Python', () => {
  const pipeline = new DeployedPipeline('FunctionTransform');

  test('gets the records in batches, and its answers are published in the order of the file', async () => {
    const count = 60_000;
    const rows = Array.from({ length: count }, (_, index) => (
      `TX${index},${index % 1000 === 7 ? '0' : `${index}.5`},${index % 20_000 === 11 ? 'XXX' : 'USD'}\n`
    ));
    const record = await pipeline.process('incoming/function.csv', 'transaction_id,amount,currency\n' + rows.join(''));

    expect(record.job).toMatchObject({ status: 'SUCCEEDED', records_read: count, records_rejected: 3, records_filtered: 60, records_written: count - 63 });
    expect(record.job.chunk_count).toBeGreaterThan(1);
    const lines = (await pipeline.published(record)).toString().trimEnd().split('\n');
    expect(lines).toHaveLength(count - 63);
    expect(lines.slice(0, 2)).toEqual([
      '{"transaction_id":"TX0","amount":"0.50","currency":"USD","amount_eur":"0.46"}',
      '{"transaction_id":"TX1","amount":"1.50","currency":"USD","amount_eur":"1.38"}',
    ]);
    const numbers = lines.map((line) => Number((JSON.parse(line) as { transaction_id: string }).transaction_id.slice(2)));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect((await pipeline.rejected(record)).map(({ _record, _code, _column, _message }) => [_record, _code, _column, _message]))
      .toEqual([11, 20_011, 40_011].map((id) => [`TX${id},${id}.5,XXX`, 'transform', 'currency', 'no rate for XXX']));
  });

  test('a function that fails makes the job an infrastructure failure, which can be resumed', async () => {
    const record = await pipeline.process('incoming/broken.csv', 'transaction_id,amount,currency\nTX1,,USD\n');

    expect(record.job).toMatchObject({ status: 'FAILED', error_code: 'infrastructure', resumable: true });
    // The emulator's name for every error that a handler throws is another than Lambda's, which is the exception's
    // class.
    const message = /^the transform function has failed with \S+: conversion from NoneType to Decimal is not supported$/;
    expect(record.chunks).toEqual([expect.objectContaining({ chunk_status: 'FAILED', error_message: expect.stringMatching(message) })]);
    expect(await pipeline.publishedKeys(record)).toEqual([]);
  });
});
