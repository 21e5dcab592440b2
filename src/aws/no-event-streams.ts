/**
 * In the bundles this stands for the SDK's event streams, which no request of ours has (S3's SelectObjectContent would). The SDK
 * loads them by `import()` too, see default-credentials.ts.
 */
export const eventStreamSerdeProvider = () => undefined;

export const resolveEventStreamSerdeConfig = <T>(config: T): T => config;

export class EventStreamSerde {
  constructor() {
    throw new Error('internal: expected no request with an event stream, got one');
  }
}
