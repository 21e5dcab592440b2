import { ConformanceCase, Difference, Values } from './conformance-case';
import { compileFormat, Format } from '../../src/engine/format/format';
import { ProcessOptions } from '../../src/engine/process/process-records';
import { Outcome } from '../engine/support/engine-run';

export type SeenOutcome = Required<Pick<Difference, 'records' | 'rejects'>>;

/** Both paths, and reads that end anywhere. */
export function ways(size: number): ProcessOptions[] {
  const readSize = Math.ceil(size / 500);
  return [{ fast: true }, { fast: false }, { fast: true, readSize }, { fast: false, readSize: 2 * readSize + 1 }];
}

export function formatOf({ fields, expected, dialect, missingValues = [], quotedMissingValues }: ConformanceCase): Format {
  const columns = fields ?? (expected === 'error' ? 1 : expected[0]?.length ?? 1);
  return compileFormat({
    schema: {
      fields: typeof columns === 'number' ? Array.from({ length: columns }, (_, index) => ({ name: `c${index}` })) : columns,
      missingValues,
      quotedMissingValues,
    },
    dialect: { header: false, ...dialect },
    maxRecordSize: 1024 * 1024,
  });
}

/** From the smallest up; from five chunks up where the file is not small. */
export function chunkSizes(size: number): number[] {
  const sizes: number[] = [];
  for (let chunkSize = size > 1000 ? Math.ceil(size / 5) : 1; chunkSize < size; chunkSize += Math.ceil(chunkSize / 4)) sizes.push(chunkSize);
  return sizes;
}

export function seen({ output, rejects }: Outcome): SeenOutcome {
  return {
    records: output.split('\n').slice(0, -1).map((line) => Object.values(JSON.parse(line) as Record<string, Values[number]>)),
    rejects: rejects.map(({ code, record }) => [code as SeenOutcome['rejects'][number][0], Buffer.from(record, 'latin1').toString()]),
  };
}
