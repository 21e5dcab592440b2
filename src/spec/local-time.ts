/** The clock of a time zone, over the days on which it is changed too. Dates are `YYYY-MM-DD`, times `hh:mm`. */

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether it is a name of the IANA database, as far as this machine knows. */
export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    // Offsets such as +01:00 are of Intl alone.
    return /^[A-Z]/i.test(name);
  } catch {
    return false;
  }
}

/** What a clock there shows, as if it were UTC, in whole minutes. */
function wallClock(instant: number, zone: string): number {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone, calendar: 'gregory', hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric',
    });
    formats.set(zone, format);
  }
  const parts = new Map(format.formatToParts(new Date(instant)).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type)!;
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'));
}

export function localDate(instant: number, zone: string): string {
  return new Date(wallClock(instant, zone)).toISOString().slice(0, 10);
}

export function localTime(instant: number, zone: string): string {
  return new Date(wallClock(instant, zone)).toISOString().slice(11, 16);
}

/**
 * The first instant at which a clock there shows this. Where the clock was turned forward and never showed it, what it
 * would have shown without that.
 */
export function instantOf(date: string, time: string, zone: string): number {
  const wanted = Date.parse(`${date}T${time}:00Z`);
  const offsetAt = (instant: number) => wallClock(instant, zone) - Math.floor(instant / MINUTE) * MINUTE;
  // A day before and a day after, one of the two offsets is the right one: no zone changes its clock twice in between.
  const candidates = [offsetAt(wanted - DAY), offsetAt(wanted + DAY)].map((offset) => wanted - offset);
  const shown = candidates.filter((instant) => wallClock(instant, zone) === wanted);
  return shown.length > 0 ? Math.min(...shown) : candidates[0];
}

export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/** 0 is Sunday. */
export function weekday(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay();
}
