/** Where messages go that start no job, for somebody to look at. */
export interface RefusedMessages {
  keep(body: string, reason: string): Promise<void>;
}
