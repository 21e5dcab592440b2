/**
 * Replaces the SDK's event streams in the bundles. None of our requests uses them (S3's SelectObjectContent would), and
 * the SDK loads them by `import()`, see default-credentials.ts.
 */
export const eventStreamSerdeProvider = () => undefined;

export const resolveEventStreamSerdeConfig = <T>(config: T): T => config;

export class EventStreamSerde {
  constructor() {
    throw new Error('internal: expected no request with an event stream, got one');
  }
}
