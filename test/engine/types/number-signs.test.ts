/** No text is read as a number of another sign, or of another value, than its writer meant: on random and on all texts. */
import * as fc from 'fast-check';
import { convert } from './convert';
import { compileField, FieldConverter } from '../../../src/engine/types/field-converter';
import { DASHES, NEGATIVE_NOTATIONS, NegativeNotationName, TRIANGLES } from '../../../src/spec/number-notation';
import { Field } from '../../../src/spec/schema';
import { fuzz, FUZZ_TIMEOUT_MS } from '../support/fuzz';

const from = <T>(...values: T[]) => fc.constantFrom(...values);
const digits = (minLength: number, maxLength: number) => fc.string({ unit: from(...'0123456789'), minLength, maxLength });

/** A number without a sign, as a text and as what it is worth: `units` of the last of `scale` digits. */
interface Magnitude {
  readonly text: string;
  /** Digits, because a report of a failure shows no bigint. */
  readonly units: string;
  readonly scale: number;
}

const GROUP = '\u202f';
/** A number in groups does not begin with a zero. */
const grouped = (whole: string) => whole.startsWith('0') ? whole : whole.replace(/\B(?=(\d{3})+$)/g, GROUP);

const magnitude: fc.Arbitrary<Magnitude> = fc.record({
  whole: digits(1, 12),
  groups: fc.boolean(),
  fraction: fc.option(digits(0, 12), { nil: undefined }),
  exponent: fc.option(fc.integer({ min: -9, max: 9 }), { nil: undefined, freq: 2 }),
  e: from('e', 'E'),
  plus: from('', '+'),
}).map(({ whole, groups, fraction, exponent, e, plus }) => ({
  text: (groups ? grouped(whole) : whole) + (fraction === undefined ? '' : `.${fraction}`) + (exponent === undefined ? '' : `${e}${exponent < 0 ? '' : plus}${exponent}`),
  // 9 digits more, so that the exponent only moves the point.
  units: String(BigInt(whole + (fraction ?? '')) * 10n ** BigInt(9 + (exponent ?? 0))),
  scale: (fraction ?? '').length + 9,
}));

/** What a literal of a JSON number is worth, in units of the last of `scale` digits. */
function unitsOf(json: string, scale: number): bigint {
  const [whole, fraction = ''] = json.replace('-', '').split('.');
  return BigInt(whole + fraction.padEnd(scale, '0')) * (json.startsWith('-') ? -1n : 1n);
}

// Currencies that end with an E, or that look like a mark, are of interest.
const money = from('$', '€', 'EUR', 'CHE', 'SLE', 'USD', 'Rs. ', 'C$', 'Kč', 'DKK', 'CRC', '%', '‰');
const blank = from('', '', ' ', '\u00a0');
const before = fc.oneof({ weight: 2, arbitrary: fc.constant('') }, fc.tuple(money, blank).map(([sign, gap]) => sign + gap));
const behind = fc.oneof({ weight: 2, arbitrary: fc.constant('') }, fc.tuple(blank, money).map(([gap, sign]) => gap + sign));

/** How each notation writes a number, with what may stand around it. `sign` is that of the number. */
const writings: Readonly<Record<NegativeNotationName, fc.Arbitrary<{ sign: 1 | -1; write(left: string, number: string, right: string): string }>>> = {
  // `50.-` is an amount without small change.
  trailingMinus: from(
    { sign: -1, write: (left: string, number: string, right: string) => `${left}${number.replace(/\.$/, '')}-${right}` },
    { sign: -1, write: (left: string, number: string, right: string) => `${left}${number.replace(/\.$/, '')}${right}-` },
  ),
  parentheses: from(
    { sign: -1, write: (left: string, number: string, right: string) => `${left}(${number})${right}` },
    { sign: -1, write: (left: string, number: string, right: string) => `(${left}${number}${right})` },
  ),
  dashes: from(...DASHES).chain((dash) => from(
    { sign: -1, write: (left: string, number: string, right: string) => `${left}${dash}${number}${right}` },
    { sign: -1, write: (left: string, number: string, right: string) => `${dash}${left}${number}${right}` },
  )),
  triangles: from(...TRIANGLES).chain((triangle) => from(
    { sign: -1, write: (left: string, number: string, right: string) => `${left}${triangle}${number}${right}` },
    { sign: -1, write: (left: string, number: string, right: string) => `${triangle}${left}${number}${right}` },
  )),
  debit: entryMarks('D', 'C'),
  credit: entryMarks('C', 'D'),
};

function entryMarks(negative: string, positive: string): fc.Arbitrary<{ sign: 1 | -1; write(left: string, number: string, right: string): string }> {
  return fc.tuple(fc.boolean(), from('', 'R', 'r'), from('', '.'), fc.boolean(), fc.boolean()).map(([isNegative, r, point, lower, first]) => {
    const letters = (isNegative ? negative : positive) + r;
    const mark = (lower ? letters.toLowerCase() : letters) + point;
    return {
      sign: isNegative ? -1 : 1,
      write: (left, number, right) => first ? `${mark} ${left}${number}${right}` : `${left}${number}${right} ${mark}`,
    };
  });
}

const FIELD: Omit<Field, 'name'> = { type: 'number', groupChar: GROUP };

/** Compiled once: there are many texts. */
const [readBare, readAround] = [true, false].map((bareNumber) => compileField({ name: 'field', ...FIELD, bareNumber }));
const isPositive = (read: FieldConverter, text: string) => /^\d/.test(String(read(text, true)));

describe.each(NEGATIVE_NOTATIONS)('%s', (notation) => {
  test('what is written so has its exact value, and no reading where the notation is not declared', () => {
    fc.assert(fc.property(magnitude, before, behind, writings[notation], fc.boolean(), (number, left, right, { sign, write }, around) => {
      const { text, units, scale } = number;
      const [first, last] = around ? [left, right] : ['', ''];
      const bareNumber = first === '' && last === '';
      const written = write(first, text, last);
      const json = convert({ ...FIELD, bareNumber, negativeNotations: [notation] }, written);
      expect([written, json]).toEqual([written, expect.stringMatching(/^-?\d/)]);
      expect([written, unitsOf(json, scale)]).toEqual([written, BigInt(units) * BigInt(sign)]);
      expect([written, convert({ ...FIELD, bareNumber: true }, written), convert({ ...FIELD, bareNumber: false }, written)]).toEqual([written, 'type', 'type']);
    }), fuzz(500, 'magnitude', 'before', 'behind', 'writing', 'around'));
  }, FUZZ_TIMEOUT_MS);

  test('a sign beside the mark, or a second mark, is refused: one of them would be lost', () => {
    const isEntry = (name: string) => ['debit', 'credit'].includes(name);
    const others = NEGATIVE_NOTATIONS.filter((other) => other === notation || !isEntry(other) || !isEntry(notation));
    // With nothing between them, `C` and a `$` behind it would be a currency.
    const marks = others.map((other) => writings[other].map(({ write }) => (text: string) => write('', text, '') + (isEntry(other) ? ' ' : '')));
    const signs = from('-', '+').map((sign) => (text: string) => sign + text);
    const second = fc.oneof(signs, ...marks);
    fc.assert(fc.property(magnitude, before, behind, writings[notation], second, ({ text }, left, right, { write }, again) => {
      for (const written of [write(left, again(text), right), again(write(left, text, right)), write('', `${left}${again(text)}`, right)]) {
        expect([written, convert({ ...FIELD, bareNumber: false, negativeNotations: others }, written)]).toEqual([written, 'type']);
      }
    }), fuzz(500, 'magnitude', 'before', 'behind', 'writing', 'second'));
  }, FUZZ_TIMEOUT_MS);

  test('what bears no mark is read as without the notation', () => {
    fc.assert(fc.property(from('', '', '-', '+'), before, magnitude, behind, fc.boolean(), (sign, left, { text, units, scale }, right, innerSign) => {
      const written = innerSign ? left + sign + text + right : sign + left + text + right;
      const json = convert({ ...FIELD, bareNumber: false, negativeNotations: [notation] }, written);
      expect([written, json]).toEqual([written, convert({ ...FIELD, bareNumber: false }, written)]);
      expect([written, unitsOf(json, scale)]).toEqual([written, sign === '-' ? -BigInt(units) : BigInt(units)]);
    }), fuzz(500, 'sign', 'before', 'magnitude', 'behind', 'innerSign'));
  }, FUZZ_TIMEOUT_MS);
});

/** Each place that a character may have beside, within and around a number. */
const PLACES: ReadonlyArray<(character: string) => string> = [
  (character) => `${character}50`, (character) => `${character} 50`, (character) => `50${character}`, (character) => `50 ${character}`, (character) => `5${character}0`,
  (character) => `$${character}50`, (character) => `50${character}$`, (character) => `${character}50${character}`,
];

/** Blanks, signs of currencies and per cent around the number; a plus before it; a point and an exponent within it. */
function mayStand(character: string, written: string): boolean {
  if (/^[\s\p{Sc}%‰元円]$/u.test(character)) return !written.startsWith(`5${character}0`);
  if (character === '+') return /^(?:\+ ?50|\$\+50)$/.test(written);
  if (character === '.') return /^(?:\$?\.50|50\.\$?|5\.0)$/.test(written);
  // Dollars of some countries; an ſ is an s in another case.
  if (/^[ACRS]$/iu.test(character)) return written.endsWith(`50${character}$`);
  if (/^[eE]$/.test(character)) return /^5e0$/i.test(written);
  return /^[0-9]$/.test(character) && !/ /.test(written);
}

test('without a notation no character of the Basic Multilingual Plane stands beside a number that is read as positive, but for those that say nothing of its sign', () => {
  const misread: string[] = [];
  for (let code = 0; code < 0x10000; code++) {
    const character = String.fromCharCode(code);
    for (const place of PLACES) {
      const written = place(character);
      const isRead = isPositive(readBare, written) || isPositive(readAround, written);
      if (isRead && !mayStand(character, written)) misread.push(`${JSON.stringify(written)} (U+${code.toString(16)})`);
    }
  }
  expect(misread).toEqual([]);
});

test('without a notation no text with a mark of any kind is read as positive', () => {
  const marks = from(
    ...DASHES, ...TRIANGLES, '⁻', '₋', '➖', '〜', '~', '¬', '_', '▼', '▽', '↓', '(', ')', '（', '）', '[', ']', '{', '}', '<', '>', '«', '»', '*', '#', '!', '?', '/', '\\', '|', '=', '≈', '±', '∓',
    'DR', 'CR', 'Dr.', 'Cr.', 'D', 'C', 'DB', 'Dt', 'Ct', 'S', 'H', 'Soll', 'neg', 'minus', 'x', 'k', '\u00ad', '\u200b', '\u200e', '\u200f', '\u061c', '\u2060', '\u2066', '\u2069', '٥', '５', '²', '½', '％', '٪', '﹪', '‱', '\0',
  );
  fc.assert(fc.property(before, fc.nat(), magnitude, behind, fc.array(marks, { minLength: 1, maxLength: 2 }), (left, place, { text }, right, all) => {
    const plain = left + text + right;
    // Between the parts, not in the middle of a word: `C` and `$` would be another currency.
    const places = [0, left.length, left.length + text.length, plain.length];
    const at = places[place % places.length];
    const written = `${plain.slice(0, at)} ${all.join(' ')} ${plain.slice(at)}`;
    const close = plain.slice(0, at) + all.join('') + plain.slice(at);
    // Two of them without a blank may be a currency: `CR` and `C`.
    for (const one of plain === text && all.length === 1 ? [written, close] : [written]) {
      expect([one, isPositive(readBare, one), isPositive(readAround, one)]).toEqual([one, false, false]);
    }
  }), fuzz(2000, 'before', 'place', 'magnitude', 'behind', 'marks'));
}, FUZZ_TIMEOUT_MS);
