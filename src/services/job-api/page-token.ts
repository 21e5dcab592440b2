/**
 * Where the next page of jobs begins. The token is opaque to callers, and is good for the pipeline and the query that it
 * came with only. What it holds is checked besides: whoever makes one up reads nothing that they could not list anyway.
 */
import { createHash } from 'node:crypto';
import { ApiFault, invalid } from './api-messages';
import { JobsQuery } from './request-fields';
import { isFileId } from '../../contract/file-id';
import { JobStatus } from '../../contract/job-item';
import { JobPosition } from '../../ports/job-index';

/** Behind which job of each status the next page goes on. One that is left out begins with its newest. */
export type PagePositions = { readonly [Status in JobStatus]?: JobPosition };

export function tokenOf(pipelineId: string, query: JobsQuery, positions: PagePositions): string {
  const content = Buffer.from(JSON.stringify(positions)).toString('base64url');
  return `${content}.${sealOf(pipelineId, query, content)}`;
}

/** @param statuses those that the query lists */
export function positionsOf(pipelineId: string, query: JobsQuery, statuses: readonly JobStatus[]): PagePositions {
  const { nextToken } = query;
  if (nextToken === undefined) return {};
  const [content, seal] = nextToken.split('.');
  if (seal !== sealOf(pipelineId, query, content)) throw notOurs();
  const positions = parsed(content);
  const isRight = Object.entries(positions).every(([status, position]) => statuses.some((one) => one === status) && isPosition(position, query));
  if (!isRight) throw notOurs();
  return positions as PagePositions;
}

function sealOf(pipelineId: string, { status, from, to }: JobsQuery, content: string): string {
  return createHash('sha256').update([pipelineId, status ?? '', from, to, content].join('\0')).digest('base64url').slice(0, 22);
}

function isPosition(position: unknown, { from, to }: JobsQuery): position is JobPosition {
  const { timestamp, fileId } = (position ?? {}) as Record<string, unknown>;
  return Number.isSafeInteger(timestamp) && (timestamp as number) >= from && (timestamp as number) < to && typeof fileId === 'string' && isFileId(fileId);
}

function parsed(content: string): object {
  try {
    const positions: unknown = JSON.parse(Buffer.from(content, 'base64url').toString());
    if (typeof positions === 'object' && positions !== null) return positions;
  } catch {
    // Not JSON.
  }
  throw notOurs();
}

function notOurs(): ApiFault {
  return invalid('nextToken', 'nextToken must be that of the page before, with the same status, from and to, got another: leave it out to begin with the first page');
}
