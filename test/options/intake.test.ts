import { Duration } from 'aws-cdk-lib';
import { Intake, QueueIntakeOptions } from '../../src';

test.each<[QueueIntakeOptions, string]>([
  [{ batchSize: 0 }, 'batchSize must be at least 1, got 0'],
  [{ batchSize: 1001 }, 'batchSize must be at most 1000, got 1001'],
  [{ batchSize: 1.5 }, 'batchSize must be a whole number, got 1.5'],
  [{ batchSize: '10' as unknown as number }, 'batchSize must be a whole number, got "10"'],
  [{ maxBatchingWindow: Duration.minutes(6) }, 'maxBatchingWindow must be at most 5 minutes, got 6 minutes'],
  [{ batchSize: 11, maxBatchingWindow: Duration.seconds(0) }, 'maxBatchingWindow must be at least 1 second, got 0 millis'],
  [{ maxBatchingWindow: 5 as unknown as Duration }, 'maxBatchingWindow must be a Duration, such as Duration.minutes(5), got 5'],
  [{ maxReceiveCount: 0 }, 'maxReceiveCount must be at least 1, got 0'],
  [{ maxReceiveCount: 1001 }, 'maxReceiveCount must be at most 1000, got 1001'],
  [{ visibilityTimeout: Duration.minutes(5) }, 'visibilityTimeout must be at least 6 minutes, got 5 minutes'],
  [{ visibilityTimeout: Duration.minutes(6), maxBatchingWindow: Duration.seconds(30) },
    'visibilityTimeout must be at least 6 minutes 30 seconds, got 6 minutes'],
  [{ visibilityTimeout: Duration.hours(13) }, 'visibilityTimeout must be at most 12 hours, got 13 hours'],
  [{ maxConcurrency: 1 }, 'maxConcurrency must be at least 2, got 1'],
  [{ maxConcurrency: 1001 }, 'maxConcurrency must be at most 1000, got 1001'],
])('%j', (options, message) => {
  expect(() => Intake.queue(options)).toThrow(new Error(message));
});

test('the limits themselves are allowed', () => {
  Intake.queue({ batchSize: 1, maxReceiveCount: 1, maxConcurrency: 2 });
  Intake.queue({
    batchSize: 1000, maxBatchingWindow: Duration.minutes(5), maxReceiveCount: 1000, maxConcurrency: 1000, visibilityTimeout: Duration.hours(12),
  });
});
