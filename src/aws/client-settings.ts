/**
 * How the clients of the SDK wait. A call that is throttled waits for a random part of 1, 2, 4, 8, 16 and then 20
 * seconds: ten attempts are about a minute, where the SDK's default of three or four would be two seconds.
 *
 * That is the SDK's standard mode. It also keeps a bucket of 500 tokens for each client: a retry takes 5 when the call
 * was throttled and 14 when it failed otherwise, and a call that succeeds in the end gives back what its last retry
 * took. When many calls at once are throttled for long, the bucket is empty and the next call fails at its first answer.
 * We keep it so: a function that hammered on would be part of the load that it waits for. The step fails then with the
 * service's own error, and the workflow calls it again later, for as long as the workflow may run. A worker that has
 * done its chunk waits longer by itself (`DynamoTable.update`): to be called again would cost it the chunk.
 */
export const CLIENT_SETTINGS = {
  maxAttempts: 10,
  /** In milliseconds. Without them a silent connection would block a worker until its Lambda function times out. */
  requestHandler: { connectionTimeout: 5_000, socketTimeout: 30_000 },
};

/**
 * For those who hear of a job's end: each is told within 40 seconds, or by the sweep. A topic that does not answer must
 * not take the time of the function that ends the job.
 */
export const OBSERVER_SETTINGS = {
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 3_000, socketTimeout: 5_000 },
};
