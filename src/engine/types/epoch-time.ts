/** Times as numbers: seconds or milliseconds since 1970-01-01 in UTC, exactly, before 1970 negative ones. */
import { FIRST_DAY, LAST_DAY, Moment, MomentReader, SECONDS_PER_DAY } from './civil-time';

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?$/;
/** Of the seconds until the end of the year 9999. */
const MOST_DIGITS = 12;
const MILLISECOND_DIGITS = 3;

export const readEpoch: MomentReader = (text) => {
  const [, sign, whole, fraction = ''] = NUMBER.exec(text) ?? [];
  return whole === undefined ? undefined : momentOf(sign === '-', whole, fraction);
};

export const readEpochMillis: MomentReader = (text) => {
  const [, sign, whole, fraction = ''] = NUMBER.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const digits = whole.padStart(MILLISECOND_DIGITS + 1, '0');
  return momentOf(sign === '-', digits.slice(0, -MILLISECOND_DIGITS), digits.slice(-MILLISECOND_DIGITS) + fraction);
};

function momentOf(negative: boolean, whole: string, fraction: string): Moment | undefined {
  const digits = whole.replace(/^0+(?=\d)/, '');
  if (digits.length > MOST_DIGITS) return undefined;
  // A time before 1970 is counted from the whole second before it.
  const turned = negative && /[1-9]/.test(fraction);
  const seconds = negative ? -Number(digits) - (turned ? 1 : 0) : Number(digits);
  const days = Math.floor(seconds / SECONDS_PER_DAY);
  if (days < FIRST_DAY || days > LAST_DAY) return undefined;
  return { days, secondOfDay: seconds - days * SECONDS_PER_DAY, fraction: turned ? complement(fraction) : fraction, offset: 0 };
}

/** The digits of 1 - 0.fraction. */
function complement(fraction: string): string {
  return String(10n ** BigInt(fraction.length) - BigInt(fraction)).padStart(fraction.length, '0');
}
