/**
 * Random files with many duplicates, several keys at once: published bytes and rejected.csv, messages included, are
 * what a reading from the beginning with everything in memory comes to, whatever the chunks.
 */
import fc from 'fast-check';
import { createdEvent, World } from './support/world';
import { Schema } from '../../src/spec/schema';

/** Set FUZZ_RUNS for longer runs. */
const RUNS = 60 * Number(process.env.FUZZ_RUNS ?? 1);
const CHUNK_SIZES = [8, 64, 200, 1_000_000];

const FIELDS = ['id', 'text', 'amount'] as const;
type Name = (typeof FIELDS)[number];

interface Cell {
  /** As it stands in the file. */
  readonly raw: string;
  /** As it is published; undefined: it is refused. */
  readonly json: string | undefined;
}

const cell = (raw: string, json: string | undefined): Cell => ({ raw, json });

/** Few values, so that most of them come again; some in two forms. */
const CELLS: Readonly<Record<Name, readonly Cell[]>> = {
  id: [
    ...[1, 2, 3, 4, 5].map((id) => cell(String(id), String(id))), cell('+1', '1'), cell('02', '2'), cell('x', undefined), cell('', 'null'),
  ],
  text: [
    cell('a', '"a"'), cell('"a"', '"a"'), cell('"b\nb"', '"b\\nb"'), cell('"c,\n\nc"', '"c,\\n\\nc"'), cell('""', '""'), cell('', 'null'),
  ],
  amount: [cell('1.0', '1'), cell('1', '1'), cell('0.50', '0.5'), cell('7', '7'), cell('', 'null')],
};

type Row = Readonly<Record<Name, Cell>>;
const rows = fc.array(fc.record({
  id: fc.constantFrom(...CELLS.id),
  text: fc.constantFrom(...CELLS.text),
  amount: fc.constantFrom(...CELLS.amount),
}), { maxLength: 40, size: 'max' });

interface Key {
  readonly label: string;
  readonly names: readonly Name[];
}

interface Keys {
  readonly primaryKey?: readonly Name[];
  readonly uniqueKeys?: ReadonlyArray<readonly Name[]>;
  /** Fields with the constraint. */
  readonly unique?: readonly Name[];
}

const KEYS: readonly Keys[] = [
  { primaryKey: ['id'] },
  { primaryKey: ['text', 'id'] },
  { unique: ['amount'] },
  { primaryKey: ['id', 'amount'], uniqueKeys: [['amount', 'text'], ['text']] },
  { uniqueKeys: [['id', 'text']], unique: ['id', 'amount'] },
];

function schemaOf({ primaryKey, uniqueKeys, unique = [] }: Keys): Schema {
  const types = { id: 'integer', text: 'string', amount: 'number' } as const;
  const fields = FIELDS.map((name) => ({ name, type: types[name], constraints: { unique: unique.includes(name) } }));
  return { fields, primaryKey, uniqueKeys, quotedMissingValues: false };
}

interface Expected {
  readonly published: string;
  readonly rejected: string[];
}

function reference(records: readonly Row[], keys: Keys): Expected {
  const required = new Set(keys.primaryKey);
  const all: Key[] = [
    ...(keys.primaryKey === undefined ? [] : [{ label: 'primaryKey', names: keys.primaryKey }]),
    ...(keys.uniqueKeys ?? []).map((names) => ({ label: 'uniqueKeys', names })),
    ...FIELDS.filter((name) => keys.unique?.includes(name)).map((name) => ({ label: 'unique', names: [name] })),
  ];
  const holders = new Map<string, { line: number; byteOffset: number }>();
  const expected = { published: '', rejected: [] as string[] };
  let line = 2;
  let byteOffset = 'id,text,amount\n'.length;
  for (const row of records) {
    const raw = FIELDS.map((name) => row[name].raw).join(',');
    const fault = FIELDS.find((name) => row[name].json === undefined || (required.has(name) && row[name].json === 'null'));
    const taken = fault !== undefined ? [] : all.map(({ names }, index) => (
      names.some((name) => row[name].json === 'null') ? undefined : [index, ...names.map((name) => row[name].json)].join('\0')
    ));
    const duplicate = taken.findIndex((value) => value !== undefined && holders.has(value));
    if (fault !== undefined) {
      const code = row[fault].json === undefined ? 'type' : 'required';
      expected.rejected.push(`${line},${byteOffset},${code},${fault}`);
    } else if (duplicate >= 0) {
      const { label, names } = all[duplicate];
      const first = holders.get(taken[duplicate]!)!;
      expected.rejected.push(`${line},${byteOffset},unique,${names.length === 1 ? names[0] : ''},`
        + `"must be unique (${label} ${names.join(', ')}), the first one is on line ${first.line} (byte ${first.byteOffset})"`);
    } else {
      for (const value of taken) if (value !== undefined) holders.set(value, { line, byteOffset });
      expected.published += `{${FIELDS.map((name) => `"${name}":${row[name].json}`).join()}}\n`;
    }
    line += raw.split('\n').length;
    byteOffset += raw.length + 1;
  }
  return expected;
}

async function outcomeOf(content: string, schema: Schema, chunkSizeBytes: number) {
  const world = new World('Enabled', { schema, chunkSizeBytes, maxRejectedPercentage: 100, allowEmptyOutput: true });
  const { fileId, status } = await world.execute(createdEvent(world.land('incoming/a.csv', content)));
  expect(status).toBe('SUCCEEDED');
  return { published: world.published(), rejected: world.rejectedCsv(fileId!) ?? '', openUploads: world.openUploads().length };
}

test('every file comes to what a reading from the beginning comes to, at every chunk size', async () => {
  let rejected = 0;
  await fc.assert(fc.asyncProperty(rows, fc.constantFrom(...KEYS), async (records, keys) => {
    const content = ['id,text,amount\n', ...records.map((row) => FIELDS.map((name) => row[name].raw).join(',') + '\n')].join('');
    const expected = reference(records, keys);
    const outcomes = [];
    for (const chunkSize of CHUNK_SIZES) outcomes.push(await outcomeOf(content, schemaOf(keys), chunkSize));
    const [first] = outcomes;
    expect(outcomes).toEqual(outcomes.map(() => first));
    expect({ published: first.published, openUploads: first.openUploads }).toEqual({ published: expected.published, openUploads: 0 });
    let from = 0;
    for (const row of expected.rejected) {
      const at = first.rejected.indexOf(`\n${row}`, from);
      expect({ row, isThere: at >= from }).toEqual({ row, isThere: true });
      from = at + row.length;
    }
    expect(first.rejected.match(/^\d+,\d+,(type|required|unique),/gm)?.length ?? 0).toBe(expected.rejected.length);
    rejected += expected.rejected.filter((row) => row.includes(',unique,')).length;
  }), { numRuns: RUNS });
  // Or the test would be about nothing. Chance brings 8.7 a file, give or take 1 where there are 60 files.
  expect(rejected).toBeGreaterThan(2 * RUNS);
}, 120_000 * Number(process.env.FUZZ_RUNS ?? 1));
