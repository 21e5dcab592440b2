import { checkObject, checkString, fail, Properties } from './descriptor-check';
import { Field, formatsOf } from './schema';

const EPOCH_FORMATS: readonly string[] = ['epoch', 'epochMillis'];
const NAMES = /%[bBaAp]/;

/** What a field says of the words and numbers in its dates: `locale`, `zoneAbbreviations`, and a `timezone` for nothing. */
export function checkDateWords(path: string, field: Properties): void {
  const { locale, zoneAbbreviations, timezone } = field;
  // A doubled percent sign is one, and no directive.
  const formats = formatsOf(field as Pick<Field, 'format' | 'formats'>).map((format) => format.replaceAll('%%', ''));
  checkLocale(`${path}.locale`, locale);
  if (locale !== undefined && !formats.some((format) => NAMES.test(format))) {
    fail(`${path}.locale`, 'be left out where no format holds a name (%b, %B, %a, %A, %p)', locale);
  }
  checkAbbreviations(`${path}.zoneAbbreviations`, zoneAbbreviations);
  if (zoneAbbreviations !== undefined && !formats.some((format) => format.includes('%Z'))) {
    fail(`${path}.zoneAbbreviations`, 'be left out where no format holds %Z', zoneAbbreviations);
  }
  if (timezone !== undefined && formats.every((format) => EPOCH_FORMATS.includes(format))) {
    fail(`${path}.timezone`, 'be left out where every format counts from 1970 in UTC (epoch, epochMillis)', timezone);
  }
}

function checkLocale(path: string, locale: unknown): void {
  checkString(path, locale);
  if (locale === undefined) return;
  if (!isKnownLocale(locale as string)) fail(path, 'be a BCP 47 tag of a language that this runtime knows, such as de or fr-CA', locale);
}

function isKnownLocale(locale: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(locale).length > 0;
  } catch {
    return false;
  }
}

function checkAbbreviations(path: string, abbreviations: unknown): void {
  if (abbreviations === undefined) return;
  const offsets = Object.entries(checkObject(path, abbreviations));
  if (offsets.length === 0) fail(path, 'hold at least one abbreviation', abbreviations);
  const known = new Map<string, string>();
  for (const [name, offset] of offsets) {
    if (!/^\p{L}+$/u.test(name)) fail(path, 'have names of letters alone', name);
    const twin = known.get(name.toLowerCase());
    if (twin !== undefined) fail(path, `have names that differ in more than letter case from ${twin}`, name);
    known.set(name.toLowerCase(), name);
    if (typeof offset !== 'string' || !/^(?:UTC|Z|[+-](?:(?:0\d|1[0-3]):?[0-5]\d|14:?00))$/.test(offset)) {
      fail(`${path}.${name}`, 'be an offset such as +02:00', offset);
    }
  }
}
