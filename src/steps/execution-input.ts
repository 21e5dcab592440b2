/** What an execution was started with, by an event or by hand. */
import { ExecutionInput, RerunRequest, ResumeRequest } from '../contract/payloads';
import { shortened, visible } from '../spec/visible-text';

export function isResume(input: ExecutionInput): input is ResumeRequest {
  return 'resume' in input && input.resume;
}

export function isRerun(input: ExecutionInput): input is RerunRequest {
  return 'rerun' in input && input.rerun;
}

const EXPECTED = 'expected the execution to be started with an "Object Created" event of S3 ({"detail": {"bucket": {"name": …}, "object": {"key": …}}}), '
  + '{"resume": true, "fileId": "…"} or {"rerun": true, "fileId": "…"}';

/** Why an execution cannot have been started with this; undefined: it is an `ExecutionInput`. */
export function inputFault(input: unknown): string | undefined {
  const { resume, rerun, fileId, run, once, detail, time } = (input ?? {}) as Record<string, unknown>;
  const isAgain = resume !== undefined || rerun !== undefined;
  const isRight = isAgain
    ? (resume === true) !== (rerun === true) && isText(fileId) && (run === undefined || (resume === true && isCount(run) && run >= 1))
      && (once === undefined || (rerun === true && once === true))
    : isCreatedEvent(detail) && (time === undefined || isText(time));
  return isRight ? undefined : `${EXPECTED}, got ${shown(input)}`;
}

function isCreatedEvent(detail: unknown): boolean {
  const { bucket, object } = (detail ?? {}) as { bucket?: { name?: unknown }; object?: Record<string, unknown> };
  const { key, size, etag, 'version-id': versionId, 'last-modified': lastModified } = object ?? {};
  const areTexts = [etag, versionId, lastModified].every((text) => text === undefined || isText(text));
  return isText(bucket?.name) && isText(key) && (size === undefined || isCount(size)) && areTexts;
}

function isText(value: unknown): value is string {
  // S3 has no key with half a surrogate pair, which would reach the output as a metadata column, and no client asks for one.
  return typeof value === 'string' && value !== '' && !/\p{Surrogate}/u.test(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

const MAX_SHOWN = 300;

function shown(input: unknown): string {
  return visible(shortened(JSON.stringify(input) ?? 'nothing', MAX_SHOWN));
}
