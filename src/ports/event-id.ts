import { randomBytes } from 'node:crypto';

/** Ends the key of an audit entry in every store, so that two entries of one millisecond are two items: 8 digits. */
export function newEventId(): string {
  return randomBytes(4).toString('hex');
}
