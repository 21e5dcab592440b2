import { ExecutionItem } from '../contract/job-item';

/** @throws Error when the execution is closed: what of it lives on must not get a job that nobody closes */
export function requireOpen(execution: ExecutionItem | undefined, executionArn: string): void {
  if (execution?.closed_at === undefined) return;
  throw new Error(`expected execution ${executionArn} to be one that goes on, got one that was closed at ${new Date(execution.closed_at).toISOString()}: `
    + 'it gets no job any more');
}
