import fc from 'fast-check';
import { compileFormat, Format } from '../../src/engine/format/format';
import { AnswerReader } from '../../src/engine/transform/answer-reader';
import { ModuleTransform, UserFunction } from '../../src/engine/transform/module-transform';
import { Transform } from '../../src/engine/transform/transform';
import { Invoke } from '../../src/ports/user-code';
import { Field } from '../../src/spec/schema';
import { FunctionTransform } from '../../src/steps/transform-function';
import { bytesSource, runWhole } from '../engine/support/engine-run';

/**
 * `FUZZ_RUNS=100 npx jest transform-identity` runs a hundred times as many; fast-check prints the seed of a failure.
 */
const LONGER = Number(process.env.FUZZ_RUNS ?? 1);

/** Ways to return what was given. */
const IDENTITIES: readonly UserFunction[] = [
  (record) => record,
  async (record) => ({ ...record }),
  (record) => Object.fromEntries(Object.entries(record).reverse()),
];
const sameJson: Invoke = async (request) => ({ hasFailed: false, answer: request });

function transformsOf(format: Format): Transform[] {
  const answers = new AnswerReader(format.settings.schema, format.outputSchema);
  return [
    ...IDENTITIES.map((identity) => new ModuleTransform(identity, format.recordColumns, answers)),
    new FunctionTransform(sameJson, format.recordColumns, answers, 3),
  ];
}

const anyOf = (...texts: string[]) => fc.constantFrom(...texts);

const digits = fc.stringMatching(/^[0-9]{1,24}$/);
const decimals = fc.stringMatching(/^[-+]?[0-9]{1,22}(\.[0-9]{1,20})?([eE][-+]?[0-9]{1,2})?$/);
const doubles = fc.double({ noNaN: true, noDefaultInfinity: true }).map(String);
const numbers = fc.oneof(decimals, doubles, anyOf('12345678901234567000', '1e23', '-0', '1.50', '0.12345678901234567890', '1e400', 'x'));

/**
 * Fields as schemas have them, and texts that are often values of theirs: what must come through is only what is valid.
 */
const KINDS: ReadonlyArray<readonly [field: Omit<Field, 'name'>, texts: fc.Arbitrary<string>]> = [
  [{}, fc.string({ unit: 'grapheme' })],
  [{ type: 'string', missingValues: ['', 'NA'], constraints: { minLength: 2, maxLength: 4, pattern: '\\w+' } }, anyOf('NA', 'abc', 'é', 'abcd', '1.50')],
  [{ type: 'string', format: 'email' }, anyOf('a@b.cd', 'a')],
  [{ type: 'integer' }, fc.oneof(digits, anyOf('+7', '-0', '9007199254740993', '100000000000000000000000', '1.5'))],
  [{ type: 'integer', constraints: { pattern: '\\d{5}', minLength: 5, minimum: 7 } }, anyOf('00123', '12345', '00001', '123')],
  [{ type: 'integer', groupChar: ',', constraints: { maxLength: 9, maximum: '1,234,567', enum: ['1,234', '0005', 7] } }, anyOf('1,234', '5', '7', '12,34')],
  [{ type: 'number' }, numbers],
  [{ type: 'number', constraints: { pattern: '\\d+\\.\\d\\d', minLength: 4, enum: ['1.50', 2, '3.00'] } }, anyOf('1.50', '2.00', '3.0', '4.00')],
  [{ type: 'number', decimalChar: ',', groupChar: '.', constraints: { minimum: '1.000,5', pattern: '[\\d.,]+' } }, anyOf('1.000,50', '12.345.678.901.234.567.000', '1,5')],
  [{ type: 'number', bareNumber: false, constraints: { pattern: '.*EUR' } }, anyOf('1.50 EUR', '1e23 EUR', '$5')],
  [{ type: 'decimal' }, numbers],
  [{ type: 'decimal', precision: 6, scale: 2, constraints: { maxLength: 3, maximum: '99.999', pattern: '[\\d.]+' } }, anyOf('1.5', '7', '100', '1.505', '99.')],
  [{ type: 'boolean', constraints: { pattern: '0|1', maxLength: 1 } }, anyOf('0', '1', 'true')],
  [{ type: 'boolean', trueValues: ['yes'], falseValues: ['no', 'NO'], constraints: { enum: ['no'], minLength: 2 } }, anyOf('yes', 'no', 'NO')],
  [{ type: 'date', constraints: { minimum: '2024-01-01', pattern: '2024.*' } }, anyOf('2024-05-01', '2023-05-01')],
  [{ type: 'date', formats: ['%d.%m.%Y', '%d.%m.%y'], constraints: { maxLength: 8, enum: ['01.05.2024', '2024-05-02'] } }, anyOf('01.05.24', '02.05.24', '03.05.24', '01.05.2024')],
  [{ type: 'datetime', constraints: { pattern: '.*:00Z', maxLength: 20 } }, anyOf('2024-05-01T10:00:00Z', '2024-05-01T10:00:01Z', '2024-05-01T10:00:00.5Z')],
  [{ type: 'datetime', timezone: 'Europe/Berlin', format: 'any', constraints: { minimum: '2024-01-01T00:00:00' } }, anyOf('2024-05-01 10:00:00', '2024-03-31T02:30:00', '2024-05-01T10:00:00.123456789+05:30')],
];

/** JSON as others write it: digits, escapes, blanks and keys that a parse and a print would change. */
const { value: literals } = fc.letrec<{ value: string; object: string; array: string }>((tie) => ({
  value: fc.oneof({ maxDepth: 4, depthSize: 'small' },
    anyOf('12345678901234567890', '1.10', '1e400', '-0', '1E2', '0.12345678901234567890', 'true', 'false', 'null', '""', '"\\u00e9\\/"', '"\\ud800"', '"é\\\\"'),
    fc.json(), tie('object'), tie('array')),
  array: fc.array(tie('value'), { maxLength: 4 }).map((values) => `[${values.join(', ')}]`),
  object: fc.array(fc.tuple(anyOf('a', 'b', '2', '10', '__proto__', 'toJSON', '\\u0061', ''), tie('value')), { maxLength: 5 })
    .map((members) => `{${members.map(([key, value]) => `"${key}" : ${value}`).join(',')}}`),
}));

const KIND_INDICES = KINDS.map((_, index) => index);
const EXTRA = ['extra', '2', 'constructor'];

/** The names that an object of JavaScript could lose or move are among those of the fields. */
const nameOf = (kind: number) => ['__proto__', '10', 'toJSON'][kind] ?? `f${kind}`;

interface Case {
  readonly kinds: readonly number[];
  readonly hasRescue: boolean;
  readonly isJson: boolean;
  readonly lines: readonly string[];
}

const csvCell = (kind: number) => fc.oneof(
  { weight: 8, arbitrary: fc.tuple(KINDS[kind][1], fc.boolean()) }, { weight: 1, arbitrary: fc.constant(['', false] as const) }, { weight: 1, arbitrary: fc.constant(['', true] as const) },
).map(([text, quoted]) => quoted || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const asJson = (text: string) => {
  try {
    return String(JSON.parse(text)) === '' ? '""' : text;
  } catch {
    return JSON.stringify(text);
  }
};

/** A member of a JSON line; none where the key is absent. */
const jsonMember = (kind: number) => fc.oneof(
  { weight: 8, arbitrary: fc.tuple(KINDS[kind][1], fc.boolean()).map(([text, bare]) => bare ? asJson(text) : JSON.stringify(text)) },
  { weight: 1, arbitrary: anyOf('null', '') },
).map((literal) => literal === '' ? [] : [`${JSON.stringify(nameOf(kind))}: ${literal}`]);

const cases: fc.Arbitrary<Case> = fc.record({
  kinds: fc.shuffledSubarray(KIND_INDICES, { minLength: 1, maxLength: 3 }), hasRescue: fc.boolean(), isJson: fc.boolean(),
}).chain((shape) => {
  const { kinds, hasRescue, isJson } = shape;
  const line = isJson
    ? fc.tuple(fc.tuple(...kinds.map(jsonMember)), fc.tuple(...(hasRescue ? EXTRA : []).map((name) => fc.option(literals).map((literal) => literal === null ? [] : [`"${name}": ${literal}`]))))
      .map(([own, extra]) => `{${[...own, ...extra].flat().join(', ').replaceAll('\n', ' ')}}`)
    : fc.tuple(...kinds.map(csvCell), ...(hasRescue ? EXTRA : []).map(() => csvCell(0))).map((cells) => cells.join(','));
  return fc.array(line, { minLength: 1, maxLength: 8 }).map((lines) => ({ ...shape, lines }));
});

function formatOf({ kinds, hasRescue, isJson }: Case): Format {
  const names = kinds.map(nameOf);
  const fields = kinds.map((kind) => ({ ...KINDS[kind][0], name: nameOf(kind) }));
  return compileFormat({
    schema: { fields, ...hasRescue && { fieldsMatch: 'subset' as const, rescueColumn: 'rest' } },
    dialect: { header: false },
    maxRecordSize: 1024 * 1024,
    recordFormat: isJson ? 'json' : 'csv',
    columns: isJson ? undefined : hasRescue ? [...names, ...EXTRA] : names,
  });
}

test('a transform that changes nothing publishes the same bytes as none, and refuses nothing more', async () => {
  const written = KINDS.map(() => 0);
  await fc.assert(fc.asyncProperty(cases, async (given) => {
    const format = formatOf(given);
    const source = bytesSource(`${given.lines.join('\n')}\n`);
    const untransformed = await runWhole(source, format);
    for (const transform of transformsOf(format)) expect(await runWhole(source, format, { transform })).toEqual(untransformed);
    for (const kind of given.kinds) written[kind] += untransformed.recordsWritten;
  }), { numRuns: 600 * LONGER });
  // Some of each kind, or the test would prove nothing for it. Chance brings 64 of the rarest, give or take 12.
  expect(Math.min(...written)).toBeGreaterThan(5);
}, 60_000 * LONGER);

test('objects of any depth come through', async () => {
  const depth = 200_000;
  const format = formatOf({ kinds: [3], hasRescue: true, isJson: true, lines: [] });
  const source = bytesSource(`{"f3":1,"extra":${'[{"a":'.repeat(depth / 2)}1.10${'}]'.repeat(depth / 2)}}\n`);
  const untransformed = await runWhole(source, format);
  expect(untransformed.recordsWritten).toBe(1);
  const [transform] = transformsOf(format);
  // Not to be printed, were they to differ.
  expect((await runWhole(source, format, { transform })).output === untransformed.output).toBe(true);
}, 30_000);
