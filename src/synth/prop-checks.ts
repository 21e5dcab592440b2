import { Duration, Size, SizeRoundingBehavior, Token } from 'aws-cdk-lib';
import { visibleJson } from '../spec/visible-text';

/** Checks of props at synth. Each error names the prop, the limit and the value. */

export interface Limits<T> {
  readonly min?: T;
  readonly max?: T;
}

export function checkNumber(prop: string, value: number, limits: Limits<number>): number {
  if (typeof value !== 'number' || Number.isNaN(value)) throw new Error(`${prop} must be a number, got ${describe(value)}`);
  checkKnown(prop, value);
  if (!Number.isFinite(value)) throw new Error(`${prop} must be a finite number, got ${value}`);
  return checkLimits(prop, value, limits, value, String);
}

export function checkInteger(prop: string, value: number, limits: Limits<number>): number {
  if (typeof value !== 'number') throw new Error(`${prop} must be a whole number, got ${describe(value)}`);
  checkKnown(prop, value);
  if (!Number.isInteger(value)) throw new Error(`${prop} must be a whole number, got ${value}`);
  return checkLimits(prop, value, limits, value, String);
}

/** For enums: JavaScript callers can pass anything. */
export function checkWord<Word extends string>(prop: string, value: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === value);
  if (found === undefined) throw new Error(`${prop} must be one of ${words.join(', ')}, got ${describe(value)}`);
  return found;
}

export function checkSize(prop: string, value: Size, limits: Limits<Size>): Size {
  checkSizeType(prop, value);
  checkKnown(prop, value);
  return checkLimits(prop, value, { min: limits.min?.toBytes(), max: limits.max?.toBytes() }, toBytes(value), formatBytes);
}

export function checkDuration(prop: string, value: Duration, limits: Limits<Duration>): Duration {
  checkDurationType(prop, value);
  checkKnown(prop, value);
  return checkLimits(prop, value,
    { min: limits.min?.toMilliseconds(), max: limits.max?.toMilliseconds() },
    value.toMilliseconds(),
    (ms) => Duration.millis(ms).toHumanString());
}

/**
 * JavaScript callers can pass anything.
 *
 * @param type a class of the library whose instances hold what only it can make
 */
export function checkIsA<T extends object>(type: { readonly name: string; readonly prototype: T }, prop: string, value: T): T {
  // By the name: an app may have loaded the library twice.
  if ((value as T | null | undefined)?.constructor?.name === type.name) return value;
  throw new Error(`${prop} must be ${/^[AEIO]/.test(type.name) ? 'an' : 'a'} ${type.name} (made by a static method of it), got ${describe(value)}`);
}

export function checkSizeType(prop: string, value: unknown): void {
  checkHas(prop, value, 'toBytes', 'a Size, such as Size.mebibytes(50)');
}

export function checkDurationType(prop: string, value: unknown): void {
  checkHas(prop, value, 'toMilliseconds', 'a Duration, such as Duration.minutes(5)');
}

export function checkOneOf(prop: string, value: string, known: readonly string[]): void {
  if (!known.includes(value)) throw new Error(`${prop} must be one of ${known.join(', ')}, got ${describe(value)}`);
}

/** For the CDK's own types, of which an app may have another copy. */
function checkHas(prop: string, value: unknown, method: string, expected: string): void {
  const has = typeof value === 'object' && value !== null && typeof (value as Record<string, unknown>)[method] === 'function';
  if (!has) throw new Error(`${prop} must be ${expected}, got ${describe(value)}`);
}

/** What came, in one line. */
export function describe(value: unknown): string {
  if (Token.isUnresolved(value)) return 'a token';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? `an object (${value.constructor?.name ?? 'without a class'})` : visibleJson(value);
}

/** For what AWS counts in whole seconds. */
export function checkSeconds(prop: string, value: Duration, limits: Limits<Duration>): Duration {
  checkDuration(prop, value, limits);
  return checkWhole(prop, value, 1000, 'seconds');
}

/** For what AWS counts in whole minutes. */
export function checkMinutes(prop: string, value: Duration, limits: Limits<Duration>): Duration {
  checkDuration(prop, value, limits);
  return checkWhole(prop, value, 60 * 1000, 'minutes');
}

/** For what AWS counts in whole days. */
export function checkDays(prop: string, value: Duration, limits: Limits<Duration> = { min: Duration.days(1) }): Duration {
  checkDuration(prop, value, limits);
  return checkWhole(prop, value, 24 * 3600 * 1000, 'days');
}

function checkWhole(prop: string, value: Duration, unitMs: number, units: string): Duration {
  if (value.toMilliseconds() % unitMs !== 0) throw new Error(`${prop} must be whole ${units}, got ${value.toHumanString()}`);
  return value;
}

/**
 * Holds for everything in a descriptor: its texts, numbers and lists would go into the code asset as what stands for
 * the token.
 */
export function checkDescriptorKnown(path: string, value: unknown): void {
  if (Token.isUnresolved(value)) throw new Error(`${path} must be known at synth, got a token`);
  if (Array.isArray(value)) {
    value.forEach((item, index) => checkDescriptorKnown(`${path}[${index}]`, item));
  } else if (typeof value === 'object' && value !== null) {
    Object.entries(value).forEach(([name, property]) => checkDescriptorKnown(`${path}.${name}`, property));
  }
}

/** A token gets its value at deployment; what is checked here, or written into the code asset, is needed before. */
function checkKnown(prop: string, value: number | Size | Duration): void {
  const unresolved = typeof value === 'number' ? Token.isUnresolved(value) : value.isUnresolved();
  if (unresolved) throw new Error(`${prop} must be known at synth, got a token`);
}

function checkLimits<T>(prop: string, value: T, limits: Limits<number>, amount: number, format: (amount: number) => string): T {
  if (limits.min !== undefined && amount < limits.min) {
    throw new Error(`${prop} must be at least ${format(limits.min)}, got ${format(amount)}`);
  }
  if (limits.max !== undefined && amount > limits.max) {
    throw new Error(`${prop} must be at most ${format(limits.max)}, got ${format(amount)}`);
  }
  return value;
}

/** `10 KiB`. */
export function formatSize(size: Size): string {
  return formatBytes(toBytes(size));
}

function toBytes(size: Size): number {
  return size.toBytes({ rounding: SizeRoundingBehavior.FLOOR });
}

/** In the largest unit that needs no fraction: `10 KiB`. */
function formatBytes(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB'];
  let amount = bytes;
  let unit = 0;
  while (amount >= 1024 && amount % 1024 === 0 && unit < units.length - 1) {
    amount /= 1024;
    unit++;
  }
  return `${amount} ${units[unit]}`;
}
