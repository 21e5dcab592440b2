import { MultipartWriter } from './multipart-writer';
import { PlanningTime } from './planning-time';
import { ObjectKeys } from '../contract/object-keys';
import { ByteSource } from '../engine/io/byte-source';
import { WHOLE_FILE } from '../engine/io/read-ahead';
import { decoded } from '../engine/staging/decode';
import { ResolvedInput } from '../engine/staging/resolved-input';
import { PinnedObject } from '../ports/source';
import { StepDeps } from '../ports/step-deps';

export type StageSourceDeps = Pick<StepDeps, 'output' | 'contract' | 'newId' | 'log' | 'now'> & {
  /** Told how many bytes of the file are read, from 0 on. */
  readonly progress?: (bytesRead: number) => void;
};

/**
 * Makes UTF-8 text, a record a line, of a file that cannot be cut in place, in one pass and constant memory. Nothing is
 * left of a pass that fails.
 *
 * @returns the text as an object, for the rest of the job to read
 * @throws FileError `bad_gzip` and the like, `bad_json` or `too_large`; Error where the run's time is up, before it is cut off
 */
export async function stageSource(source: ByteSource, input: ResolvedInput, keys: ObjectKeys, deps: StageSourceDeps): Promise<PinnedObject> {
  const key = keys.staged(deps.newId());
  const writer = new MultipartWriter(deps.output, key, { contentType: 'text/plain' });
  const ahead = { ...WHOLE_FILE, progress: deps.progress };
  const time = new PlanningTime(deps);
  let size = 0;
  try {
    for await (const piece of decoded(source, input, deps.contract.input.maxDecodedSizeBytes, ahead)) {
      size += piece.length;
      time.check('make text of the file', () => `${size} bytes of it`, 'send smaller files, or such as can be cut in place');
      await writer.write(piece);
    }
    await writer.complete();
  } catch (error) {
    await writer.abort().catch((second: unknown) => deps.log.warn('an upload is not cleaned up', { key, cause: String(second) }));
    throw error;
  }
  const staged = await deps.output.pin(key);
  if (staged.sizeBytes !== size) throw new Error(`internal: expected ${size} bytes in ${key}, got ${staged.sizeBytes}`);
  deps.log.info('the file is staged', { ...input, sizeBytes: source.size, stagedSizeBytes: size });
  return staged;
}
