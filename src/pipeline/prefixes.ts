import { KeyPrefixOptions } from '../options/key-prefix-options';
import { KeyPrefixes } from '../options/key-prefixes';
import { visibleJson } from '../spec/visible-text';

export type PrefixName = keyof KeyPrefixes;

/** What lies in the source bucket; the other prefixes are of the output bucket. */
export const SOURCE_PREFIXES = ['incoming', 'processed', 'failed'] as const satisfies readonly PrefixName[];
export const OUTPUT_PREFIXES = ['output', 'quarantine', 'reports', 'work'] as const satisfies readonly PrefixName[];

/** What comes after it is a date, a job's id and the name of a file, or its own name and folders. */
const LONGEST_PREFIX = 512;

/** A role's own policies hold 10,240 characters: what these sets add must fit in. */
const MOST_FORMER_SETS = 3;

export function resolvePrefixes(options: KeyPrefixOptions, prop = 'prefixes'): KeyPrefixes {
  const prefixes: KeyPrefixes = {
    incoming: options.incoming ?? 'incoming/',
    processed: options.processed ?? 'processed/',
    failed: options.failed ?? 'failed/',
    output: options.output ?? 'output/',
    quarantine: options.quarantine ?? 'quarantine/',
    reports: options.reports ?? 'reports/',
    work: options.work ?? 'work/',
  };
  const entries = Object.entries(prefixes);
  for (const [name, prefix] of entries) {
    // `*` and `?` are wildcards in IAM and event patterns, `\` escapes them.
    if (!/^[^/*?\\$][^*?\\$]*\/$/.test(prefix)) {
      throw new Error(`${prop}.${name} must end with "/", not begin with it, and hold none of * ? \\ $, got ${visibleJson(prefix)}`);
    }
  }
  for (const [name, prefix] of entries) {
    // No console, log line or policy shows them as they are.
    if (/[\p{Cc}\u2028\u2029]/u.test(prefix)) throw new Error(`${prop}.${name} must hold no control characters or line ends, got ${visibleJson(prefix)}`);
    const bytes = Buffer.byteLength(prefix);
    if (bytes > LONGEST_PREFIX) throw new Error(`${prop}.${name} must have at most ${LONGEST_PREFIX} bytes of the 1,024 that a key has in S3, got ${bytes}`);
    const outer = entries.find(([other, outerPrefix]) => other !== name && prefix.startsWith(outerPrefix));
    if (outer) {
      throw new Error(`${prop}.${name} must not lie inside ${prop}.${outer[0]} (${visibleJson(outer[1])}), got ${visibleJson(prefix)}`);
    }
  }
  return prefixes;
}

/**
 * Each set is what one deployment had: its options over the defaults. A prefix may be, hold or lie inside another set's
 * prefix of the same name, but of no other name: the pipeline would start on what a former job publishes, or expire it.
 */
export function resolveFormerPrefixes(sets: KeyPrefixOptions[], inForce: KeyPrefixes): KeyPrefixes[] {
  if (sets.length > MOST_FORMER_SETS) throw new Error(`formerPrefixes must hold at most ${MOST_FORMER_SETS} sets, got ${sets.length}`);
  const former = sets.map((options, index) => resolvePrefixes(options, formerProp(index)));
  former.forEach((prefixes, index) => {
    checkApart(formerProp(index), prefixes, 'prefixes', inForce);
    former.slice(0, index).forEach((earlier, other) => checkApart(formerProp(index), prefixes, formerProp(other), earlier));
  });
  return former;
}

const formerProp = (index: number): string => `formerPrefixes[${index}]`;

function checkApart(prop: string, prefixes: KeyPrefixes, otherProp: string, others: KeyPrefixes): void {
  for (const [name, prefix] of Object.entries(prefixes)) {
    const other = Object.entries(others).find(([otherName, otherPrefix]) => otherName !== name && overlap(prefix, otherPrefix));
    if (other) throw new Error(`${prop}.${name} must not overlap ${otherProp}.${other[0]} (${visibleJson(other[1])}), got ${visibleJson(prefix)}`);
  }
}

export function overlap(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}

/** All distinct prefixes of one name: the one in force, then former ones. */
export function everyPrefix(name: keyof KeyPrefixes, inForce: KeyPrefixes, former: readonly KeyPrefixes[]): string[] {
  return [...new Set([inForce, ...former].map((prefixes) => prefixes[name]))];
}
