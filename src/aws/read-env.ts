/**
 * The environment of a function. No other file of `src` reads `process.env`, but for `preflight/main.ts`; lint holds
 * it. (What the bundles have of the SDK and of Powertools reads variables of its own.)
 */
import { Env, OptionalEnv, SLA_ENV } from '../contract/env';
import { keyBufferBytes } from '../contract/key-buffer';
import { DEFAULT_SLA_FILE_SIZE_BYTES } from '../contract/metrics';

/**
 * The variables that Lambda sets. The trace header is another one in each invocation: this is the environment itself,
 * not a copy.
 */
export function lambdaEnv(): Readonly<Record<string, string | undefined>> {
  return process.env;
}

/** The variables that the construct sets. */
export function readEnv<const Names extends readonly string[]>(names: Names): Env<Names> {
  const missing = names.filter((name) => !process.env[name]);
  if (missing.length > 0) throw new Error(`expected the environment variables ${names.join(', ')}; not set: ${missing.join(', ')}`);
  return Object.fromEntries(names.map((name) => [name, process.env[name]])) as Env<Names>;
}

/** Variables that a construct sets only for some pipelines, or whoever runs one, on a deployed function. */
export function readOptionalEnv<const Names extends readonly string[]>(names: Names): OptionalEnv<Names> {
  return Object.fromEntries(names.map((name) => [name, process.env[name]])) as OptionalEnv<Names>;
}

/** What `StepDeps.slaFileSizeBytes` is. */
export function readSlaFileSize(): number {
  return Number(readOptionalEnv(SLA_ENV).SLA_FILE_SIZE_BYTES ?? DEFAULT_SLA_FILE_SIZE_BYTES);
}

/** What `StepDeps.keyBufferBytes` is, by the memory that the function has. */
export function readKeyBuffer(): number {
  const { AWS_LAMBDA_FUNCTION_MEMORY_SIZE: mebibytes } = lambdaEnv();
  return keyBufferBytes(mebibytes === undefined ? undefined : Number(mebibytes));
}
