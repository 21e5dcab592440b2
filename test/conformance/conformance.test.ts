import { readFileSync } from 'node:fs';
import path from 'node:path';
import { renderConformance } from './render-doc';
import { chunkSizes, formatOf, seen, ways } from './run-case';
import { differing, SUITES } from './suites';
import { bytesSource, runChunked, runWhole } from '../engine/support/engine-run';

describe.each(SUITES.map((suite) => [suite.name, suite] as const))('%s', (_, suite) => {
  test.each(suite.cases.map((each) => [each.id, each.about, each] as const))('%s: %s', async (__, ___, each) => {
    if (each.differs?.refused !== undefined) {
      expect(() => formatOf(each)).toThrow(each.differs.refused);
      return;
    }
    const source = bytesSource(each.input);
    const fmt = formatOf(each);
    const whole = await runWhole(source, fmt);
    const { records, rejects } = seen(whole);
    if (each.differs !== undefined) {
      expect({ records, rejects }).toEqual({ records: each.differs.records, rejects: each.differs.rejects ?? [] });
    } else if (each.expected === 'error') {
      expect(records).toEqual([]);
      expect(rejects).not.toEqual([]);
    } else {
      expect({ records, rejects }).toEqual({ records: each.expected, rejects: [] });
    }
    for (const way of ways(source.size)) {
      expect(await runWhole(source, fmt, way)).toEqual(whole);
      for (const chunkSize of chunkSizes(source.size)) {
        const { chunks, plan, repaired, ...chunked } = await runChunked(source, fmt, chunkSize, undefined, way);
        expect({ chunkSize, ...chunked }).toEqual({ chunkSize, ...whole });
      }
    }
  });

  test('each case has a name of its own, and where it says that we differ we do', () => {
    expect(new Set(suite.cases.map(({ id }) => id)).size).toBe(suite.cases.length);
    for (const { id, expected, differs } of differing(suite)) {
      const same = (differs!.rejects ?? []).length === 0 && JSON.stringify(differs!.records) === JSON.stringify(expected);
      expect({ id, same }).toEqual({ id, same: false });
    }
  });
});

test('docs/conformance.md says all this (npx tsx test/conformance/write-doc.ts writes it)', () => {
  expect(readFileSync(path.join(__dirname, '../../docs/conformance.md'), 'utf8')).toBe(renderConformance(SUITES));
});
