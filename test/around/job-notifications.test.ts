import { App, Aspects, NestedStack, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { AwsSolutionsChecks } from 'cdk-nag';
import { holdProps, synthesizeAround } from './prop-rows';
import { CsvChunkPipeline, DenyDeletion, JobNotifications, JobNotificationsProps, NotificationGrouping } from '../../src';
import { NOTIFICATIONS_ENV } from '../../src/contract/env';
import { MESSAGE_GROUPINGS } from '../../src/contract/job-message';
import { asText, newApp, newStack, SCHEMA, Synthesized } from '../synthesize';

const TELLING = ['FinalizeJob', 'CloseJob', 'SweepJobs'];

function notify(stack: Stack, pipeline: CsvChunkPipeline, props: Partial<JobNotificationsProps> = {}): JobNotifications {
  return new JobNotifications(stack, 'Notifications', { pipeline, ...props });
}

const variablesOf = (synthesized: Synthesized, step: string): Record<string, unknown> => (
  synthesized.one('AWS::Lambda::Function', `${step}Function`).Properties.Environment.Variables
);
const queueOf = (synthesized: Synthesized) => synthesized.one('AWS::SQS::Queue', 'NotificationsQueue');
const deadLettersOf = (synthesized: Synthesized) => synthesized.one('AWS::SQS::Queue', 'NotificationsDeadLetterQueue');
const topicOf = (synthesized: Synthesized) => synthesized.one('AWS::SNS::Topic');

/** How each of the three is encrypted. */
function encryption(synthesized: Synthesized): unknown[] {
  return [queueOf(synthesized), deadLettersOf(synthesized), topicOf(synthesized)].map(({ Properties = {} }) => {
    const { KmsMasterKeyId: key, SqsManagedSseEnabled: isManaged } = Properties;
    return key === undefined ? isManaged : asText(key);
  });
}

describe('props', () => {
  holdProps<JobNotificationsProps>('./around/job-notifications', notify, {
    'JobNotificationsProps.failureEmails': {
      read: (s) => s.entries('AWS::SNS::Subscription').map(([, { Properties: { Protocol, Endpoint } }]) => [Protocol, Endpoint]),
      byDefault: [],
      override: { failureEmails: ['a@example.com', 'b@example.com'] },
      overridden: [['email', 'a@example.com'], ['email', 'b@example.com']],
    },
    'JobNotificationsProps.grouping': {
      read: (s) => TELLING.map((step) => variablesOf(s, step).NOTIFICATION_GROUPING),
      byDefault: ['SOURCE_KEY', 'SOURCE_KEY', 'SOURCE_KEY'],
      override: { grouping: NotificationGrouping.PIPELINE },
      overridden: ['PIPELINE', 'PIPELINE', 'PIPELINE'],
    },
    'JobNotificationsProps.encryptionKey': {
      read: encryption,
      byDefault: [true, true, undefined],
      override: (stack) => ({ encryptionKey: kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111111111111:key/mine') }),
      overridden: Array(3).fill('arn:aws:kms:us-east-1:111111111111:key/mine'),
    },
  });

  test('the key of the pipeline encrypts its notifications too', () => {
    const stack = newStack();
    const encryptionKey = kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111111111111:key/its');
    notify(stack, new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, encryptionKey }));
    expect(encryption(new Synthesized(stack))).toEqual(Array(3).fill('arn:aws:kms:us-east-1:111111111111:key/its'));
  });

  test('the groupings are those that the functions know', () => {
    expect(Object.values(NotificationGrouping)).toEqual([...MESSAGE_GROUPINGS]);
  });

  test.each([
    [['nobody'], 'failureEmails[0] must be an e-mail address, got "nobody"'],
    [['a@example.com', 'Ada <ada@example.com>'], 'failureEmails[1] must be an e-mail address, got "Ada <ada@example.com>"'],
    [['a@example.com', 'a@example.com'], 'failureEmails must name each address once, got "a@example.com" twice'],
    [['${Token[TOKEN.99]}'], 'failureEmails[0] must be known at synth, got a token'],
  ])('%j', (failureEmails, message) => {
    expect(() => synthesizeAround((stack, pipeline) => notify(stack, pipeline, { failureEmails }))).toThrow(new Error(message));
  });
});

describe('the queue', () => {
  let synthesized: Synthesized;
  let notifications: JobNotifications;
  beforeAll(() => { synthesized = synthesizeAround((stack, pipeline) => { notifications = notify(stack, pipeline); }); });

  test('is first in, first out, gives 15 minutes for a message, keeps it for 7 days, and has a dead-letter queue', () => {
    const [deadLettersId] = synthesized.entries('AWS::SQS::Queue').find(([id]) => id.includes('NotificationsDeadLetterQueue'))!;
    expect(queueOf(synthesized).Properties).toEqual({
      FifoQueue: true,
      VisibilityTimeout: 900,
      MessageRetentionPeriod: 7 * 86_400,
      SqsManagedSseEnabled: true,
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': [deadLettersId, 'Arn'] }, maxReceiveCount: 5 },
    });
    expect(deadLettersOf(synthesized).Properties).toEqual({ FifoQueue: true, MessageRetentionPeriod: 14 * 86_400, SqsManagedSseEnabled: true });
  });

  test('and its dead-letter queue take requests by TLS alone', () => {
    const policies = synthesized.entries('AWS::SQS::QueuePolicy').filter(([id]) => id.includes('Notifications')).map(([, { Properties }]) => Properties);
    expect(policies.flatMap(({ PolicyDocument: { Statement } }) => Statement)).toEqual(Array(2).fill(expect.objectContaining({
      Effect: 'Deny', Action: 'sqs:*', Principal: { AWS: '*' }, Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    })));
  });

  test('is looked at as the pipeline is: no functions, and the dead letters of its consumers', () => {
    expect(notifications.functions).toEqual({});
    expect(notifications.deadLetterQueue).not.toBe(notifications.queue);
  });
});

test('the topic takes requests by TLS alone, and those of the account\'s alarms', () => {
  const synthesized = synthesizeAround(notify);
  const { Statement } = synthesized.one('AWS::SNS::TopicPolicy').Properties.PolicyDocument;
  expect(Statement.map(({ Resource: _, Sid: __, ...statement }: any) => statement)).toEqual([
    { Effect: 'Deny', Action: 'sns:Publish', Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    {
      Effect: 'Allow',
      Action: 'sns:Publish',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    },
  ]);
});

describe('names, tags and removal are those of the pipeline', () => {
  function synthesized(removalPolicy?: RemovalPolicy): Synthesized {
    const stack = newStack();
    const tags = { Project: 'ETL-Pipeline' };
    notify(stack, new CsvChunkPipeline(stack, 'Tap', { schema: SCHEMA, environmentSuffix: 'dev', tags, removalPolicy }));
    return new Synthesized(stack);
  }

  test('names', () => {
    const found = synthesized();
    expect(queueOf(found).Properties.QueueName).toBe('queue-tap-notifications-dev.fifo');
    expect(deadLettersOf(found).Properties.QueueName).toBe('queue-tap-notifications-dead-letters-dev.fifo');
    expect(topicOf(found).Properties.TopicName).toBe('topic-tap-failures-dev');
  });

  test('tags', () => {
    const found = synthesized();
    for (const resource of [queueOf(found), deadLettersOf(found), topicOf(found)]) {
      expect(resource.Properties.Tags).toEqual([{ Key: 'Project', Value: 'ETL-Pipeline' }]);
    }
  });

  test.each([[undefined, 'RetainExceptOnCreate'], [RemovalPolicy.DESTROY, 'Delete']])('messages stay or go: %s', (removalPolicy, policy) => {
    const found = synthesized(removalPolicy);
    expect([queueOf(found).DeletionPolicy, deadLettersOf(found).DeletionPolicy]).toEqual([policy, policy]);
    // A topic holds nothing.
    expect(topicOf(found).DeletionPolicy).toBeUndefined();
  });
});

const readable = (resource: string): string => resource
  .replace(/\${NotificationsQueue\w+\.Arn}/, '{queue}')
  .replace(/\${NotificationsFailureTopic\w+}/, '{topic}')
  .replace(/\${Key\w+\.Arn}/, '{key}')
  // Another version of the code is another resource.
  .replace(/\${Pipeline(\w+?)FunctionCurrentVersion\w+}/, '{$1 in force}');

/** What each role may do, one line an action and resource. */
function rights(synthesized: Synthesized): Record<string, string[]> {
  const asList = (value: any) => [value].flat();
  return Object.fromEntries(synthesized.entries('AWS::IAM::Role').map(([roleId]) => [
    roleId.replace(/^Pipeline(\w+?)Role\w+$/, '$1'),
    synthesized.entries('AWS::IAM::Policy')
      .filter(([, { Properties }]) => Properties.Roles.some(({ Ref }: any) => Ref === roleId))
      .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
      .flatMap(({ Effect, Action, Resource }) => asList(Resource).map((resource) => `${Effect} ${asList(Action).join(', ')} | ${readable(asText(resource))}`)),
  ]));
}

/** What notifications add to each role. */
function addedRights(props: (stack: Stack) => Partial<JobNotificationsProps>): Record<string, string[]> {
  const before = rights(synthesizeAround(() => {}));
  const after = rights(synthesizeAround((stack, pipeline) => notify(stack, pipeline, props(stack))));
  expect(Object.keys(after)).toEqual(Object.keys(before));
  return Object.fromEntries(Object.entries(after)
    .map(([role, lines]) => [role, lines.filter((line) => !before[role].includes(line))] as const)
    .filter(([, lines]) => lines.length > 0));
}

describe('the functions that tell', () => {
  test('know queue and topic, and no other function does', () => {
    const synthesized = synthesizeAround(notify);
    const without = synthesizeAround(() => {});
    for (const [id, { Properties }] of synthesized.entries('AWS::Lambda::Function')) {
      const names = Object.keys(Properties.Environment?.Variables ?? {});
      const others = Object.keys(without.one('AWS::Lambda::Function', id).Properties.Environment?.Variables ?? {});
      const isTelling = TELLING.some((step) => id.includes(`${step}Function`));
      expect([id, names.filter((name) => !others.includes(name)).sort()]).toEqual([id, isTelling ? [...NOTIFICATIONS_ENV].sort() : []]);
    }
    const [queueId] = synthesized.entries('AWS::SQS::Queue').find(([id]) => id.includes('NotificationsQueue'))!;
    const [topicId] = synthesized.entries('AWS::SNS::Topic')[0];
    for (const step of TELLING) {
      expect(variablesOf(synthesized, step)).toMatchObject({ NOTIFICATION_QUEUE_URL: { Ref: queueId }, FAILURE_TOPIC_ARN: { Ref: topicId } });
    }
  });

  test('may send and publish to these, and nothing else is added to any role', () => {
    const lines = ['Allow sqs:SendMessage | {queue}', 'Allow sns:Publish | {topic}'];
    expect(addedRights(() => ({}))).toEqual(Object.fromEntries(TELLING.map((step) => [step, lines])));
  });

  test('with a key may use it, too', () => {
    const lines = ['Allow sqs:SendMessage | {queue}', 'Allow sns:Publish | {topic}', 'Allow kms:Decrypt, kms:GenerateDataKey | {key}'];
    expect(addedRights((stack) => ({ encryptionKey: new kms.Key(stack, 'Key') }))).toEqual(Object.fromEntries(TELLING.map((step) => [step, lines])));
  });

  test('are called by the workflow in a version that knows them', () => {
    const versions = (synthesized: Synthesized) => synthesized.entries('AWS::Lambda::Version').map(([id]) => id).filter((id) => id.includes('FinalizeJob'));
    const told = synthesizeAround(notify);
    expect(versions(told)).not.toEqual(versions(synthesizeAround(() => {})));
    expect(JSON.stringify(told.state('FinalizeJob'))).toContain(versions(told)[0]);
  });
});

describe('a consumer', () => {
  test('may receive and delete, and use the key', () => {
    const synthesized = synthesizeAround((stack, pipeline) => {
      const notifications = notify(stack, pipeline, { encryptionKey: new kms.Key(stack, 'Key') });
      notifications.grantConsume(new iam.Role(stack, 'Consumer', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }));
    });
    const [role] = Object.keys(rights(synthesized)).filter((name) => name.startsWith('Consumer'));
    expect(rights(synthesized)[role]).toEqual([
      'Allow sqs:ReceiveMessage, sqs:ChangeMessageVisibility, sqs:GetQueueUrl, sqs:DeleteMessage, sqs:GetQueueAttributes | {queue}',
      'Allow kms:Decrypt | {key}',
    ]);
  });

  test('of another account is let in by the queue\'s policy', () => {
    const synthesized = synthesizeAround((stack, pipeline) => {
      notify(stack, pipeline).grantConsume(new iam.AccountPrincipal('222222222222'));
    });
    const { Statement } = synthesized.one('AWS::SQS::QueuePolicy', 'NotificationsQueue').Properties.PolicyDocument;
    expect(Statement).toContainEqual(expect.objectContaining({ Effect: 'Allow', Action: expect.arrayContaining(['sqs:ReceiveMessage', 'sqs:DeleteMessage']) }));
  });
});

test('a second one for the same pipeline is refused, with what to do instead', () => {
  expect(() => synthesizeAround((stack, pipeline) => {
    notify(stack, pipeline);
    new JobNotifications(stack, 'Again', { pipeline });
  })).toThrow(new Error('pipeline must have one JobNotifications, got "Stack/Again" beside "Stack/Notifications": subscribe more to its failureTopic, '
    + 'or use onJobSucceeded and onJobFailed of the pipeline, which may be many'));
});

test('each pipeline of a stack has its own', () => {
  const synthesized = synthesizeAround((stack, pipeline) => {
    notify(stack, pipeline);
    new JobNotifications(stack, 'Others', { pipeline: new CsvChunkPipeline(stack, 'Other', { schema: SCHEMA }) });
  });
  expect(synthesized.entries('AWS::SNS::Topic').length).toBe(2);
});

describe('in another stack than the pipeline', () => {
  const ENV = { account: '111111111111', region: 'us-east-1' };

  function twoStacks(app: App, env: { account: string; region: string } = ENV): { pipeline: CsvChunkPipeline; stack: Stack; key: kms.Key } {
    const first = new Stack(app, 'Pipelines', { env: ENV });
    return { pipeline: new CsvChunkPipeline(first, 'Pipeline', { schema: SCHEMA }), stack: new Stack(app, 'Around', { env }), key: new kms.Key(first, 'Key') };
  }

  test.each([['with a name', 'dev'], ['without names', undefined]])('the pipeline\'s stack needs that one, and not the other way round (%s)', (_, environmentSuffix) => {
    const app = newApp();
    const first = new Stack(app, 'Pipelines', { env: ENV });
    const stack = new Stack(app, 'Around', { env: ENV });
    notify(stack, new CsvChunkPipeline(first, 'Pipeline', { schema: SCHEMA, environmentSuffix }), { encryptionKey: new kms.Key(stack, 'Key') });
    app.synth();
    expect(first.dependencies).toEqual([stack]);
    expect(stack.dependencies).toEqual([]);
    expect(JSON.stringify(variablesOf(new Synthesized(first), 'CloseJob').NOTIFICATION_QUEUE_URL)).toContain('Around:ExportsOutput');
  });

  test('a nested stack works', () => {
    const app = newApp();
    const root = new Stack(app, 'Root');
    const pipeline = new CsvChunkPipeline(root, 'Pipeline', { schema: SCHEMA });
    notify(new NestedStack(root, 'Nested'), pipeline);
    expect(() => app.synth()).not.toThrow();
  });

  test('is refused with a key of the pipeline\'s stack: each would need the other', () => {
    const { pipeline, stack, key } = twoStacks(newApp());
    expect(() => notify(stack, pipeline, { encryptionKey: key })).toThrow(new Error(
      'encryptionKey must not lie in the stack of the pipeline ("Pipelines") where the notifications lie in another one ("Around"), because each stack would '
      + 'need the other one, got "Pipelines/Key": give a key of another stack, or make the notifications in the pipeline\'s'));
  });

  test('is refused in another region: the functions could not tell', () => {
    const { pipeline, stack } = twoStacks(newApp(), { account: '111111111111', region: 'eu-west-1' });
    expect(() => notify(stack, pipeline)).toThrow(new Error('JobNotifications must lie in the account and region of the pipeline, got '
      + '"Around/Notifications" in aws://111111111111/eu-west-1 and "Pipelines/Pipeline" in aws://111111111111/us-east-1: '
      + 'give both stacks the same account and region (env)'));
  });
});

test('adds nothing that the AWS Solutions checks would find', () => {
  const findings = (around: (stack: Stack, pipeline: CsvChunkPipeline) => void): string[] => {
    const stack = newStack();
    around(stack, new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA }));
    return new AwsSolutionsChecks(stack).validateScope(stack).violations.map(({ ruleName }) => ruleName).sort();
  };
  expect(findings(notify)).toEqual(findings(() => {}));
});

test('needs no role of its own', () => {
  const synthesized = synthesizeAround((stack, pipeline) => {
    Aspects.of(stack).add(new DenyDeletion());
    notify(stack, pipeline);
  });
  expect(synthesized.entries('AWS::IAM::Role').length).toBe(synthesizeAround(() => {}).entries('AWS::IAM::Role').length);
});
