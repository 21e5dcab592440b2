/** What an execution was started with, by an event or by hand. */
import { ExecutionInput, ObjectCreatedEvent, RerunRequest, ResumeRequest } from '../contract/payloads';
import { visible } from '../spec/visible-text';

export function isResume(input: ExecutionInput): input is ResumeRequest {
  return 'resume' in input;
}

export function isRerun(input: ExecutionInput): input is RerunRequest {
  return 'rerun' in input;
}

/** S3's own: consoles make a folder by an empty object of this name. */
export function isFolder({ detail: { object: { key } } }: ObjectCreatedEvent): boolean {
  return key.endsWith('/');
}

const EXPECTED = 'expected the execution to be started with an "Object Created" event of S3 ({"detail": {"bucket": {"name": …}, "object": {"key": …}}}), '
  + '{"resume": true, "fileId": "…"} or {"rerun": true, "fileId": "…"}';

/** Why an execution cannot have been started with this; undefined: it is an `ExecutionInput`. */
export function inputFault(input: unknown): string | undefined {
  const { resume, rerun, fileId, run, detail } = (input ?? {}) as Record<string, unknown>;
  if (resume !== undefined || rerun !== undefined) {
    const isOne = (resume === true) !== (rerun === true);
    const isFileId = typeof fileId === 'string' && fileId !== '';
    return isOne && isFileId && (run === undefined || typeof run === 'number') ? undefined : `${EXPECTED}, got ${shown(input)}`;
  }
  const { bucket, object } = (detail ?? {}) as { bucket?: { name?: unknown }; object?: { key?: unknown } };
  const isEvent = typeof bucket?.name === 'string' && bucket.name !== '' && typeof object?.key === 'string' && object.key !== '';
  return isEvent ? undefined : `${EXPECTED}, got ${shown(input)}`;
}

const MAX_SHOWN = 300;

function shown(input: unknown): string {
  const text = JSON.stringify(input) ?? 'nothing';
  return text.length <= MAX_SHOWN ? visible(text) : `${visible(text.slice(0, MAX_SHOWN))}…`;
}
