import { KeyPrefixes } from '../contract/job-contract';
import { KeyPrefixOptions } from '../options/key-prefix-options';

/** Those of the job contract and the one that only the start rule knows. */
export interface Prefixes extends KeyPrefixes {
  readonly incoming: string;
}

export function resolvePrefixes(options: KeyPrefixOptions): Prefixes {
  const prefixes: Prefixes = {
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
      throw new Error(`prefixes.${name} must end with "/", not begin with it, and hold none of * ? \\ $, got "${prefix}"`);
    }
    const outer = entries.find(([other, outerPrefix]) => other !== name && prefix.startsWith(outerPrefix));
    if (outer) {
      throw new Error(`prefixes.${name} must not lie inside prefixes.${outer[0]} ("${outer[1]}"), got "${prefix}"`);
    }
  }
  return prefixes;
}
