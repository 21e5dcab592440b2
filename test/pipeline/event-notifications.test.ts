import { Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Bucket, BucketProps, CfnBucket, EventType, IBucket } from 'aws-cdk-lib/aws-s3';
import { SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { CsvChunkPipeline } from '../../src';
import { newStack, SCHEMA } from '../synthesize';

describe('a bucket of the pipeline\'s own', () => {
  const stackWith = (change: (pipeline: CsvChunkPipeline) => void): Stack => {
    const stack = newStack();
    change(new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA }));
    return stack;
  };

  test.each<[string, (pipeline: CsvChunkPipeline) => void]>([
    ['addEventNotification', ({ sourceBucket, deadLetterQueue }) => sourceBucket.addEventNotification(EventType.OBJECT_REMOVED, new SqsDestination(deadLetterQueue))],
    ['enableEventBridgeNotification', ({ sourceBucket }) => sourceBucket.enableEventBridgeNotification()],
  ])('takes no %s, which would replace its setting', (_, change) => {
    expect(() => Template.fromStack(stackWith(change))).toThrow(/sourceBucket must have no event notifications of its own .* use EventBridge rules/);
  });
});

describe('a source bucket of the user\'s', () => {
  const warnings = (makeBucket: (stack: Stack) => IBucket, change: (bucket: IBucket) => void = () => {}): string[] => {
    const stack = newStack();
    const sourceBucket = makeBucket(stack);
    new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, sourceBucket });
    change(sourceBucket);
    return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('EventBridge')).map(({ entry }) => String(entry.data));
  };
  const NO_EVENTS = expect.stringMatching(/^sourceBucket must send its events to EventBridge \(eventBridgeEnabled: true\), or files start no job until a sweep finds them/);
  const made = (props?: BucketProps) => (stack: Stack) => new Bucket(stack, 'Mine', props);

  test('that sends no events is warned of', () => {
    expect(warnings(made())).toEqual([NO_EVENTS]);
  });

  test.each<[string, string[]]>([
    ['has other notifications', warnings(made(), (bucket) => bucket.addEventNotification(EventType.OBJECT_REMOVED, new SqsDestination(new Queue(bucket.stack, 'Queue'))))],
    ['has other notifications on the resource itself', warnings(made(), (bucket) => {
      (bucket.node.defaultChild as CfnBucket).notificationConfiguration = { queueConfigurations: [{ event: 's3:ObjectRemoved:*', queue: 'arn:aws:sqs:::queue' }] };
    })],
    ['has them switched off', warnings(made(), (bucket) => {
      (bucket.node.defaultChild as CfnBucket).notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: false } };
    })],
  ])('that %s is warned of, too', (_, found) => {
    expect(found).toEqual([NO_EVENTS]);
  });

  test.each<[string, string[]]>([
    ['when it sends events', warnings(made({ eventBridgeEnabled: true }))],
    ['when that is switched on later', warnings(made(), (bucket) => bucket.enableEventBridgeNotification())],
    ['when the resource itself has the setting', warnings(made(), (bucket) => {
      (bucket.node.defaultChild as CfnBucket).notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
    })],
    ['when it is imported and nothing is known of it', warnings((stack) => Bucket.fromBucketName(stack, 'Mine', 'mine'))],
  ])('is not warned of %s', (_, found) => {
    expect(found).toEqual([]);
  });
});
