import { daysFromCivil, isRealDate, Moment, secondOfDayAt, twoDigitsAt } from './civil-time';

/** An element of a pattern: a number with its fewest and most digits, or one character that stands for itself. */
export type LayoutElement =
  | { readonly part: LayoutPart; readonly minDigits: number; readonly digits: number }
  | { readonly literal: string };

export type LayoutPart = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second';

/**
 * The fast way for the most common patterns, `%Y-%m-%d %H:%M:%S` and the like, and for texts that have all their
 * digits: then each part lies where the pattern puts it.
 */
export class FixedLayout {
  /** Length of the texts that it reads. A shorter text may still fit the pattern. */
  readonly length: number;
  private readonly literalIndices: number[] = [];
  private readonly literalCodes: number[] = [];
  // Where each part begins in the text; -1 where the pattern leaves it out.
  private readonly year: number;
  private readonly month: number;
  private readonly day: number;
  private readonly hour: number;
  private readonly minute: number;
  private readonly second: number;

  constructor(elements: readonly LayoutElement[]) {
    const starts: Record<LayoutPart, number> = { year: -1, month: -1, day: -1, hour: -1, minute: -1, second: -1 };
    let index = 0;
    for (const element of elements) {
      if ('part' in element) {
        starts[element.part] = index;
        index += element.digits;
      } else {
        this.literalIndices.push(index);
        this.literalCodes.push(element.literal.charCodeAt(0));
        index++;
      }
    }
    this.length = index;
    this.year = starts.year;
    this.month = starts.month;
    this.day = starts.day;
    this.hour = starts.hour;
    this.minute = starts.minute;
    this.second = starts.second;
  }

  /** @param text of exactly `length` characters @returns undefined if it does not fit */
  read(text: string): Moment | undefined {
    const { literalIndices, literalCodes } = this;
    for (let index = 0; index < literalIndices.length; index++) {
      if (text.charCodeAt(literalIndices[index]) !== literalCodes[index]) {
        return undefined;
      }
    }
    const year = twoDigitsAt(text, this.year) * 100 + twoDigitsAt(text, this.year + 2);
    const month = twoDigitsAt(text, this.month);
    const day = twoDigitsAt(text, this.day);
    if (!isRealDate(year, month, day)) {
      return undefined;
    }
    const secondOfDay = this.hour === -1 ? 0 : secondOfDayAt(
      twoDigitsAt(text, this.hour),
      this.minute === -1 ? 0 : twoDigitsAt(text, this.minute),
      this.second === -1 ? 0 : twoDigitsAt(text, this.second),
    );
    return secondOfDay === -1 ? undefined : { days: daysFromCivil(year, month, day), secondOfDay, fraction: '', offset: undefined };
  }
}
