/** The conditional writes that change a chunk's item. */
import { ItemUpdate } from './update-expression';
import { ChunkOutcome, generationOf, OUTCOME_ATTRIBUTES, TIME_TO_LIVE } from '../contract/job-item';
import { ChunkTask } from '../contract/payloads';
import { ScanEntry } from '../engine/boundaries/scan-chunk';

/** Starts an attempt. It removes everything that an earlier attempt left, except for the scan. */
export function chunkStart(task: ChunkTask, at: number, expiresAt: number): ItemUpdate {
  const { start, end, exclusionsKey, replaces } = task;
  const hasOtherExclusions = exclusionsKey === undefined
    ? 'attribute_exists(#exclusions_key)'
    : '(attribute_not_exists(#exclusions_key) OR #exclusions_key <> :exclusions_key)';
  const isReplaced = replaces === undefined ? '' : ' OR #result_attempt = :replaces';
  const cleared = Object.fromEntries([...OUTCOME_ATTRIBUTES, 'error_message'].map((name) => [name, undefined]));
  return {
    assignments: ['#attempt = if_not_exists(#attempt, :zero) + :one'],
    changes: {
      chunk_status: 'PROCESSING',
      generation: generationOf(task),
      start,
      end,
      exclusions_key: exclusionsKey,
      updated_at: at,
      [TIME_TO_LIVE]: expiresAt,
      ...cleared,
    },
    condition: 'attribute_not_exists(#chunk_status) OR (#generation <= :generation AND (#chunk_status <> :succeeded '
      + `OR #start <> :start OR #end <> :end OR ${hasOtherExclusions}${isReplaced}))`,
    values: { ':zero': 0, ':one': 1, ':succeeded': 'SUCCEEDED', ...(replaces === undefined ? {} : { ':replaces': replaces }) },
  };
}

export function chunkFinish(task: ChunkTask, outcome: ChunkOutcome, at: number): ItemUpdate {
  return {
    changes: { ...outcome, chunk_status: 'SUCCEEDED', updated_at: at, error_message: undefined },
    condition: '#chunk_status <> :chunk_status AND #generation = :generation AND NOT contains(#discarded_attempts, :result_attempt)',
    values: { ':generation': generationOf(task) },
  };
}

export function chunkFailure(generation: number, message: string, at: number, discarded?: number): ItemUpdate {
  const failure = {
    changes: { chunk_status: 'FAILED', error_message: message, updated_at: at },
    condition: '#chunk_status <> :succeeded AND #generation = :generation',
    values: { ':succeeded': 'SUCCEEDED', ':generation': generation },
  };
  if (discarded === undefined) return failure;
  return {
    ...failure,
    assignments: ['#discarded_attempts = list_append(if_not_exists(#discarded_attempts, :none), :discarded)'],
    values: { ...failure.values, ':none': [], ':discarded': [discarded] },
  };
}

export function chunkScan(scan: readonly ScanEntry[], at: number): ItemUpdate {
  return { changes: { scan, updated_at: at }, condition: 'attribute_exists(#chunk_status)' };
}

/** An item that is gone stays so. */
export function chunkKeep(expiresAt: number): ItemUpdate {
  return { changes: { [TIME_TO_LIVE]: expiresAt }, condition: 'attribute_exists(#chunk_status)' };
}
