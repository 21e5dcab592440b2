import { offsetSeconds, SECONDS_PER_DAY } from './civil-time';
import { visibleJson } from '../../spec/visible-text';

/**
 * The offset (seconds east of UTC) that holds at a local time: the day since 1970-01-01, and its second. Where the
 * clock was turned back and a time came twice, the earlier one counts. Undefined where the clock was turned forward and
 * the time never came: no instant would be the right one.
 */
export type ZoneOffset = (localDay: number, secondOfDay: number) => number | undefined;

/** Takes `UTC`, `Z`, `±hh:mm`, `±hhmm` or an IANA name; throws on anything else. */
export function compileTimeZone(name: string): ZoneOffset {
  const fixed = fixedOffset(name);
  return fixed !== undefined ? () => fixed : new IanaZone(name).offsetAtLocal;
}

/** Seconds east of UTC at any time; undefined where the name is not an offset but a zone's. */
export function fixedOffset(name: string): number | undefined {
  if (name === 'UTC' || name === 'Z') {
    return 0;
  }
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(name);
  return match === null ? undefined : offsetSeconds(match[1] === '-', Number(match[2]), Number(match[3]));
}

/** How the clock goes on one local day: one offset, or two with a change between them. */
interface DayRule {
  readonly before: number;
  readonly after: number;
  /** First second (UTC) of `after`. */
  readonly changeAt: number;
}

// Local and universal time are never further apart (Alaska had +15:02 until 1867).
const WIDEST_OFFSET = 16 * 3600;
// Bounds the memory for a file with dates from everywhere.
const MAX_CACHED_DAYS = 4096;

/** Asks Intl, which is slow, once a local day. */
class IanaZone {
  private readonly format: Intl.DateTimeFormat;
  private readonly rules = new Map<number, DayRule>();

  constructor(name: string) {
    try {
      if (/^[+-]/.test(name)) {
        throw new RangeError('Some versions of Intl take more offsets than there are.');
      }
      this.format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
    } catch {
      throw new Error(`timezone must be an IANA name such as Europe/Berlin, or an offset such as +02:00, got ${visibleJson(name)}`);
    }
  }

  readonly offsetAtLocal: ZoneOffset = (localDay, secondOfDay) => {
    const { before, after, changeAt } = this.ruleOf(localDay);
    if (before === after) {
      return before;
    }
    const localSeconds = localDay * SECONDS_PER_DAY + secondOfDay;
    if (localSeconds - before < changeAt) {
      return before;
    }
    return localSeconds - after >= changeAt ? after : undefined;
  };

  private ruleOf(localDay: number): DayRule {
    let rule = this.rules.get(localDay);
    if (rule === undefined) {
      rule = this.findRule(localDay * SECONDS_PER_DAY);
      if (this.rules.size >= MAX_CACHED_DAYS) {
        this.rules.clear();
      }
      this.rules.set(localDay, rule);
    }
    return rule;
  }

  /** No zone has changed its clock twice within the two days and a half that are looked at. */
  private findRule(localMidnight: number): DayRule {
    let unchanged = localMidnight - WIDEST_OFFSET;
    let changed = localMidnight + SECONDS_PER_DAY + WIDEST_OFFSET;
    const before = this.offsetAt(unchanged);
    const after = this.offsetAt(changed);
    if (before === after) {
      return { before, after, changeAt: changed };
    }
    while (changed - unchanged > 1) {
      const middle = Math.floor((unchanged + changed) / 2);
      if (this.offsetAt(middle) === before) {
        unchanged = middle;
      } else {
        changed = middle;
      }
    }
    return { before, after, changeAt: changed };
  }

  private offsetAt(seconds: number): number {
    // As in `7/1/2024, GMT-04:00`; UTC itself is `GMT` or `GMT+00:00`; before standard time there were seconds.
    const match = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(this.format.format(seconds * 1000));
    if (match === null) {
      throw new Error('Intl.DateTimeFormat does not write offsets as GMT±hh:mm here');
    }
    const [, sign, hours = '0', minutes = '0', rest = '0'] = match;
    const offset = Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
    return sign === '-' ? -offset : offset;
  }
}
