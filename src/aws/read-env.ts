import { Env } from '../contract/env';

/** The variables that the construct sets. The one place that reads `process.env`. */
export function readEnv<const Names extends readonly string[]>(names: Names): Env<Names> {
  const missing = names.filter((name) => !process.env[name]);
  if (missing.length > 0) throw new Error(`expected the environment variables ${names.join(', ')}; not set: ${missing.join(', ')}`);
  return Object.fromEntries(names.map((name) => [name, process.env[name]])) as Env<Names>;
}
