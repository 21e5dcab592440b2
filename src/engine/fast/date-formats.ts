import { Image } from './image';
import {
  BLOCK, DATE_FORMAT_COUNT, DATE_FORMATS, ELEMENT_LITERAL, ELEMENT_SIZE, FORMAT_DIGITS, FORMAT_ELEMENT_COUNT, FORMAT_ELEMENTS, FORMAT_LENGTH,
  FORMAT_LIMIT, FORMAT_LONGEST, FORMAT_OPEN, FORMAT_SIZE, FORMAT_TAIL, FORMAT_TEXT, NO_DIGIT, PART_DAY, PART_HOUR, PART_MINUTE, PART_MONTH,
  PART_SECOND, PART_YEAR, TAIL_ISO, TAIL_NONE,
} from './layout';
import { DATETIME_FORMATS } from '../../spec/schema';
import { layoutElementsOf } from '../types/date-pattern';
import { LayoutElement, LayoutPart } from '../types/fixed-layout';

const PARTS: Readonly<Record<LayoutPart, number>> = {
  year: PART_YEAR, month: PART_MONTH, day: PART_DAY, hour: PART_HOUR, minute: PART_MINUTE, second: PART_SECOND,
};

/** What may stand in a date of the default format. */
const ISO_CHARACTERS = '0123456789-:.TZ+';
const ISO_DATE = /* @__PURE__ */ layoutElementsOf('%Y-%m-%d')!;
const ISO_DATETIME = /* @__PURE__ */ layoutElementsOf('%Y-%m-%dT%H:%M:%S')!;

/**
 * Places the formats that assembly/date.ts reads.
 *
 * @param isPlain whether the characters of a text mean nothing else in the file
 * @returns false where it cannot read one of them
 */
export function placeDateFormats(image: Image, op: number, type: 'date' | 'datetime', formats: readonly string[],
  isPlain: (text: string) => boolean): boolean {
  const first = image.allocate(formats.length * FORMAT_SIZE);
  for (const [index, format] of formats.entries()) {
    const address = first + index * FORMAT_SIZE;
    if (format === 'default' || format === 'any') {
      if (!isPlain(ISO_CHARACTERS)) return false;
      placeLayout(image, address, type === 'date' ? ISO_DATE : ISO_DATETIME);
      image.word(address + FORMAT_TAIL, type === 'date' ? TAIL_NONE : TAIL_ISO);
      image.word(address + FORMAT_OPEN, format === 'any' ? 1 : 0);
    } else {
      // The names of other formats are no patterns.
      const elements = (DATETIME_FORMATS as readonly string[]).includes(format) ? undefined : layoutElementsOf(format);
      if (elements === undefined || lengthOf(elements) > FORMAT_LONGEST) return false;
      if (!isPlain(elements.map((element) => 'part' in element ? '0123456789' : element.literal).join(''))) return false;
      placeLayout(image, address, elements);
      placeElements(image, address, elements);
    }
  }
  image.word(op + DATE_FORMATS, first);
  image.word(op + DATE_FORMAT_COUNT, formats.length);
  return true;
}

function lengthOf(elements: readonly LayoutElement[]): number {
  return elements.reduce((sum, element) => sum + ('part' in element ? element.digits : 1), 0);
}

function placeLayout(image: Image, address: number, elements: readonly LayoutElement[]): void {
  const length = lengthOf(elements);
  const text = Buffer.alloc(FORMAT_LONGEST);
  // Behind the end of the layout any byte fits.
  const limit = Buffer.alloc(FORMAT_LONGEST, 0xff).fill(0, 0, length);
  const digits = Buffer.alloc(BLOCK, NO_DIGIT);
  let position = 0;
  for (const element of elements) {
    if ('part' in element) {
      for (let digit = 0; digit < element.digits; digit++) digits[PARTS[element.part] + digit] = position + digit;
      text.fill('0', position, position + element.digits);
      limit.fill(9, position, position + element.digits);
      position += element.digits;
    } else {
      text.write(element.literal, position++);
    }
  }
  image.word(address + FORMAT_LENGTH, length);
  image.copy(address + FORMAT_DIGITS, digits);
  image.copy(address + FORMAT_TEXT, text);
  image.copy(address + FORMAT_LIMIT, limit);
}

function placeElements(image: Image, address: number, elements: readonly LayoutElement[]): void {
  const first = image.allocate(elements.length * ELEMENT_SIZE);
  elements.forEach((element, index) => {
    image.words(first + index * ELEMENT_SIZE, 'part' in element
      ? [PARTS[element.part], element.minDigits, element.digits, 0]
      : [ELEMENT_LITERAL, 0, 0, element.literal.charCodeAt(0)]);
  });
  image.word(address + FORMAT_ELEMENTS, first);
  image.word(address + FORMAT_ELEMENT_COUNT, elements.length);
}
