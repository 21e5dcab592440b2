import { convert } from './convert';
import { NEGATIVE_NOTATIONS, NegativeNotationName } from '../../../src/spec/number-notation';

const read = (text: string, negativeNotations?: readonly NegativeNotationName[], bareNumber?: boolean) =>
  convert({ type: 'decimal', scale: 2, groupChar: ',', bareNumber, negativeNotations }, text);

describe('without negativeNotations, what could turn a number is refused', () => {
  test.each([
    '–50.00', '50.00–', '—50', '－50', '−50', '‐50', '▲50', '△50.00', '<50.00>', '[50.00]', '{50.00}', '50.00 DR', '50.00 Dr', '50.00DR', 'D 50.00', 'CR50.00',
    '50.00 CR', '50.00-', '50.00 -', '(50.00)', '$(50.00)', '~50', '¬50', 'minus 50', '50 neg', '50.00 S', '50.00 H', '50 Soll', '50!', '50*', '*50.00', '#50', '50?', '≈50',
    '<50', '>50', '±50', '1/50', '50/2', '50 000.00 or so', 'approx. 50', 'EURO 50', 'XEUR 50', '50 EURX', '€₤x50', '50 k', '50 Mio. EUR', '50 bps', '٥٠',
  ])('%s', (text) => {
    expect([read(text, undefined, false), read(text)]).toEqual(['type', 'type']);
  });
});

test.each([
  ['$50.00', '50.00'], ['50.00 $', '50.00'], ['EUR 50.00', '50.00'], ['50.00EUR', '50.00'], ['eur50.00', '50.00'], ['-EUR 50.00', '-50.00'], ['EUR -50.00', '-50.00'],
  ['Fr. 50', '50.00'], ['50,000.00 zł', '50000.00'], ['US$50', '50.00'], ['R$ 50', '50.00'], ['50 kr.', '50.00'], ['₽ 50', '50.00'], ['50 %', '50.00'], ['5‰', '5.00'],
  ['\u00a050.00\u202f€', '50.00'], ['￥50', '50.00'], ['円50', '50.00'], ['+$50', '50.00'], ['CHF 50', '50.00'], ['DKK 50', '50.00'], ['50 CRC', '50.00'],
])('%s is a number with what may stand around it', (text, value) => {
  expect(read(text, undefined, false)).toBe(`"${value}"`);
  // No notation changes what a text without its mark says.
  expect(read(text, NEGATIVE_NOTATIONS.filter((name) => name !== 'credit'), false)).toBe(`"${value}"`);
});

test.each<[NegativeNotationName, string, string]>([
  ['trailingMinus', '50.00-', '-50.00'], ['trailingMinus', '1,234.50-', '-1234.50'], ['trailingMinus', '0.00-', '0.00'],
  ['parentheses', '(50.00)', '-50.00'], ['parentheses', '(1,234)', '-1234.00'],
  ['dashes', '–50.00', '-50.00'], ['dashes', '—50', '-50.00'], ['dashes', '－50', '-50.00'], ['dashes', '−50', '-50.00'], ['dashes', '‐50', '-50.00'],
  ['triangles', '▲50', '-50.00'], ['triangles', '△50.00', '-50.00'],
  ['debit', '50.00 DR', '-50.00'], ['debit', '50.00 Dr', '-50.00'], ['debit', '50.00DR', '-50.00'], ['debit', 'D 50.00', '-50.00'], ['debit', '50.00 D', '-50.00'],
  ['debit', 'Dr. 50.00', '-50.00'], ['debit', '50.00 CR', '50.00'], ['debit', 'C 50.00', '50.00'], ['debit', '50.00 cr', '50.00'],
  ['credit', '50.00 CR', '-50.00'], ['credit', '50.00Cr', '-50.00'], ['credit', 'C50.00', '-50.00'], ['credit', '50.00 DR', '50.00'],
])('%s: %s is %s', (notation, text, value) => {
  expect(read(text, [notation])).toBe(`"${value}"`);
  expect(read(text, [notation], false)).toBe(`"${value}"`);
  for (const other of NEGATIVE_NOTATIONS) {
    const isTheOtherMark = ['debit', 'credit'].includes(notation) && ['debit', 'credit'].includes(other);
    if (other !== notation && !isTheOtherMark) expect([other, read(text, [other])]).toEqual([other, 'type']);
  }
});

test.each<[NegativeNotationName[], string, string]>([
  [['trailingMinus'], '50.00- EUR', '-50.00'], [['trailingMinus'], '$50.00-', '-50.00'], [['trailingMinus'], '50.00 EUR-', '-50.00'], [['trailingMinus'], '5-%', '-5.00'],
  [['parentheses'], '($50.00)', '-50.00'], [['parentheses'], '$(50.00)', '-50.00'], [['parentheses'], '(50.00) EUR', '-50.00'], [['parentheses'], '( 50.00 )', '-50.00'],
  [['dashes'], '$–50.00', '-50.00'], [['dashes'], '–$50.00', '-50.00'], [['dashes', 'trailingMinus'], '50.00–', '-50.00'],
  [['triangles'], '▲ ¥50', '-50.00'], [['triangles'], '¥▲50', '-50.00'],
  [['debit'], 'EUR 50.00 DR', '-50.00'], [['debit'], 'DR EUR 50.00', '-50.00'],
])('%j: %s is %s with what may stand around it', (notations, text, value) => {
  expect(read(text, notations, false)).toBe(`"${value}"`);
});

test.each([
  '50.-', '50,-', '50.–', '50.- EUR', '(50 C)$',
  '(-50.00)', '-(50.00)', '(50.00', '50.00)', '((50.00))', '(50)(0)', '(5)0', '5(0)', '()50', '(50.00)-', '-50.00-', '50.00--', '+50.00-', '--50', '––50', '–50–', '-–50', '50–00', '▲▲50',
  '▲-50', '50▲', '5▲0', '-50.00 DR', '50.00- DR', '(50.00) DR', '50.00 DR DR', 'DR 50.00 CR', '50.00 DRX', 'XDR 50 DR 5', 'DR', '-', '(', '()', '▲', '–', '1e(5)', '(5', 'D', 'C R 50',
])('with every notation, %s has no reading', (text) => {
  const notations = NEGATIVE_NOTATIONS.filter((name) => name !== 'credit');
  expect([read(text, notations), read(text, notations, false)]).toEqual(['type', 'type']);
});

test('a currency that looks like a mark, or ends like an exponent, is neither', () => {
  expect(['debit', 'credit'].map((notation) => read('C$50', [notation as NegativeNotationName], false))).toEqual(['"50.00"', '"50.00"']);
  for (const text of ['CHE-50 CR', 'CHE-50 DR', '(SLE-50)', 'SLE-50-', 'DR$50']) expect([text, read(text, ['debit', 'parentheses', 'trailingMinus'], false)]).toEqual([text, 'type']);
  expect(read('(5e-1)', ['parentheses'])).toBe('"-0.50"');
});

test('limits may be written with the field\'s own marks', () => {
  const field = { type: 'number', negativeNotations: ['parentheses'], constraints: { minimum: '(5)' } } as const;
  expect([convert(field, '(5)'), convert(field, '(5.01)')]).toEqual(['-5', 'constraint']);
});
