/**
 * What callers without a compiler give: every prop of a pipeline with values of every wrong kind. Each throws a sentence
 * that begins with the prop and says what came, or is right, and then the table says why.
 */
import { Lazy, Stack, TimeZone } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { publicProperties } from './public-structs';
import { newApp, SCHEMA } from './synthesize';
import {
  CsvChunkPipeline, CsvDialect, InputFormat, Intake, JobAlarms, JobApi, JobCatalog, JobDashboard, JobNotifications, JsonDialect, OutputBucket,
  OutputFormat, QualityCheck, RecordTransform, TableSchema,
} from '../src';

const TEXT_TOKEN = Lazy.string({ produce: () => 'x' });
const NUMBER_TOKEN = Lazy.number({ produce: () => 5 });
const LIST_TOKEN = Lazy.list({ produce: () => ['x'] });

const VALUES: Readonly<Record<string, unknown>> = {
  'null': null,
  '50': 50,
  '0': 0,
  '-1': -1,
  'NaN': NaN,
  'true': true,
  '"x"': 'x',
  '""': '',
  '{}': {},
  '{ a: 1 }': { a: 1 },
  '[]': [],
  '[null]': [null],
  '[1]': [1],
  'a function': () => 1,
  'an instance': new Date(0),
  'a text token': TEXT_TOKEN,
  'a number token': NUMBER_TOKEN,
  'a list token': LIST_TOKEN,
  'a token of anything': Lazy.any({ produce: () => 'x' }),
  'a list with a token': [TEXT_TOKEN],
};

const NONE_GIVEN = 'nothing in it is given: unknown names are not looked at';
/** Why a value that looks wrong is right. */
const RIGHT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  metadataColumns: { '[]': 'no columns' },
  maxConcurrency: { 50: 'within the limits' },
  retryPolicy: { '{}': NONE_GIVEN, 'an instance': NONE_GIVEN },
  tags: { '{}': 'no tags', 'an instance': 'it has no properties: no tags' },
  prefixes: { '{}': NONE_GIVEN, 'an instance': NONE_GIVEN },
  formerPrefixes: { '[]': 'no former ones' },
  suffixes: { '[]': 'every file' },
  maxRejectedRecords: { 50: 'within the limits', 0: 'the lowest' },
  maxRejectedPercentage: { 50: 'within the limits', 0: 'the lowest' },
  allowEmptyOutput: { true: 'one of two' },
  strictSchema: { true: 'one of two' },
  lifecycle: { '{}': NONE_GIVEN, 'an instance': NONE_GIVEN },
  steps: { '{}': NONE_GIVEN, 'an instance': NONE_GIVEN },
  environmentSuffix: { '"x"': 'a lower-case letter' },
};

/** The message of the error; undefined: there was none. Anything but a plain Error is not for people. */
function messageOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    expect((error as Error).constructor).toBe(Error);
    return (error as Error).message;
  }
}

const withProps = (props: unknown) => new CsvChunkPipeline(new Stack(newApp(), 'Stack'), 'Pipeline', props as ConstructorParameters<typeof CsvChunkPipeline>[2]);

function expectSentence(prop: string, message: string | undefined): void {
  expect(message).toMatch(new RegExp(`^${prop}[^ ]* must .+, got .+`, 's'));
  // What stands for a token says nothing to anybody.
  expect(message).not.toMatch(/\$\{Token|e\+30/);
}

const propertiesOf = (struct: string) => publicProperties(() => true).map(({ name }) => name.split('.')).filter(([of]) => of === struct).map(([, name]) => name);

describe.each(propertiesOf('CsvChunkPipelineProps'))('%s', (prop) => {
  test.each(Object.keys(VALUES))('given as %s', (name) => {
    const message = messageOf(() => withProps({ schema: SCHEMA, [prop]: VALUES[name] }));
    if (RIGHT[prop]?.[name] === undefined) expectSentence(prop, message);
    else expect(message).toBeUndefined();
  });
});

describe.each([
  ['retryPolicy', 'StepRetryPolicy'], ['prefixes', 'KeyPrefixOptions'], ['lifecycle', 'DataLifecycle'],
])('in %s', (prop, struct) => {
  const isOfPrefix = (name: string) => prop === 'lifecycle' && name !== 'work' && !name.endsWith('After');
  const right = (name: string, value: string) => (name === 'maxRetries' && value === '0') || (prop === 'retryPolicy' && name === 'backoffRate' && value === '1')
    // Nothing of the prefix is given.
    || (isOfPrefix(name) && ['{}', 'an instance'].includes(value));

  test.each(propertiesOf(struct))('%s', (name) => {
    for (const [value, given] of Object.entries(VALUES)) {
      const message = messageOf(() => withProps({ schema: SCHEMA, [prop]: { [name]: given } }));
      if (right(name, value)) expect(message).toBeUndefined();
      else expectSentence(`${prop}\\.${name}`, message);
    }
  });
});

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'props must be an object, got undefined'],
  ['null', null, 'props must be an object, got null'],
  ['no schema', {}, 'schema must be a TableSchema (made by a static method of it), got undefined'],
  ['a number for a size', { schema: SCHEMA, chunkSize: 50 }, 'chunkSize must be a Size, such as Size.mebibytes(50), got 50'],
  ['a name for a bucket', { schema: SCHEMA, sourceBucket: 'mine' }, 'sourceBucket must be a bucket (s3.IBucket), got "mine"'],
  ['a text for a list', { schema: SCHEMA, suffixes: '.csv' }, 'suffixes must be a list, got ".csv"'],
  ['a list for a text', { schema: SCHEMA, environmentSuffix: ['dev'] }, 'environmentSuffix must be a text, got a list'],
  ['a number of days', { schema: SCHEMA, logRetention: 33 }, 'logRetention must be one of logs.RetentionDays, got 33'],
  ['a token as a suffix', { schema: SCHEMA, suffixes: ['.csv', TEXT_TOKEN] }, 'suffixes[1] must be known at synth, got a token'],
  ['a token as all suffixes', { schema: SCHEMA, suffixes: LIST_TOKEN }, 'suffixes must be known at synth, got a token'],
  ['a token in a suffix', { schema: SCHEMA, suffixes: [`.${TEXT_TOKEN}`] }, 'suffixes[0] must be known at synth, got a token'],
  ['a token as a prefix', { schema: SCHEMA, prefixes: { output: `${TEXT_TOKEN}/` } }, 'prefixes.output must be known at synth, got a token'],
  ['a token as a former prefix', { schema: SCHEMA, formerPrefixes: [{}, { work: TEXT_TOKEN }] }, 'formerPrefixes[1].work must be known at synth, got a token'],
  ['a token as the environment', { schema: SCHEMA, environmentSuffix: TEXT_TOKEN }, 'environmentSuffix must be known at synth, got a token'],
  ['a token as the key of a tag', { schema: SCHEMA, tags: { [TEXT_TOKEN]: 'x' } }, 'tags must have keys that are known at synth, got a token'],
  ['a number as a tag', { schema: SCHEMA, tags: { Team: 7 } }, 'tags.Team must be a text, got 7'],
])('%s', (_, props, message) => {
  expect(messageOf(() => withProps(props))).toBe(message);
});

test('the value of a tag may be a token', () => {
  withProps({ schema: SCHEMA, tags: { Team: TEXT_TOKEN } });
});

/** What stands around a pipeline: how it is made, and which values are right, by `prop` or `prop.property`. */
/** With what is right for it, and what it cannot do without but the pipeline. */
const AROUND: Readonly<Record<string, readonly [new (scope: Stack, id: string, props: any) => unknown, typeof RIGHT, object?]>> = {
  JobAlarms: [JobAlarms, {
    actions: { '[]': 'nobody is told' },
    okActions: { '[]': 'nobody is told' },
    around: { '[]': 'no other parts' },
    changes: { '{}': NONE_GIVEN, 'an instance': NONE_GIVEN },
    leaveOut: { '[]': 'no alarm' },
  }, { actions: [] }],
  JobApi: [JobApi, { rateLimit: { 50: 'within the limits' }, burstLimit: { 50: 'within the limits' } }],
  JobNotifications: [JobNotifications, { failureEmails: { '[]': 'nobody' } }],
  JobCatalog: [JobCatalog, {
    databaseName: { '"x"': 'a lower-case letter' },
    tableName: { '"x"': 'a lower-case letter' },
    crawler: { '{}': NONE_GIVEN, 'an instance': NONE_GIVEN },
  }],
  JobDashboard: [JobDashboard, { around: { '[]': 'no other parts' } }],
  QualityCheck: [QualityCheck, {
    expectedFiles: { '[]': 'none' }, maxRejectedPercentage: { 50: 'within the limits', 0: 'the lowest' },
  }],
};

function makeAround(name: string, props: (stack: Stack, pipeline: CsvChunkPipeline) => unknown): Stack {
  const stack = new Stack(newApp(), 'Stack');
  const [Made] = AROUND[name];
  new Made(stack, 'Around', props(stack, new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA })));
  return stack;
}

describe.each(Object.entries(AROUND))('the props of %s', (name, [Made, right, others = {}]) => {
  test.each(propertiesOf(`${name}Props`))('%s', (prop) => {
    const stack = new Stack(newApp(), 'Stack');
    const pipeline = new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA });
    for (const [value, given] of Object.entries(VALUES)) {
      const isRight = right[prop]?.[value] !== undefined;
      const message = messageOf(() => isRight
        ? makeAround(name, (_, own) => ({ pipeline: own, ...others, [prop]: given }))
        : new Made(stack, value, { pipeline, ...others, [prop]: given }));
      if (isRight) expect([value, message]).toEqual([value, undefined]);
      else expectSentence(prop, message);
    }
  });

  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'props must be an object, got undefined'],
    ['null', null, 'props must be an object, got null'],
    ['no pipeline', {}, 'pipeline must be a pipeline (CsvChunkPipeline), got undefined'],
  ])('%s', (_, props, message) => {
    expect(messageOf(() => makeAround(name, () => props))).toBe(message);
  });

  test('a name that is misspelt is warned of', () => {
    const stack = makeAround(name, (_, pipeline) => ({ pipeline, ...others, pipelin: 1 }));
    const warnings = Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data));
    expect(warnings).toContainEqual(expect.stringMatching(new RegExp(`^${name} has no props of these names, and does nothing by them: pipelin\\b`)));
  });
});

test('the schedule of a crawler', () => {
  for (const given of Object.values(VALUES)) {
    expectSentence('crawler\\.schedule', messageOf(() => makeAround('JobCatalog', (_, pipeline) => ({ pipeline, crawler: { schedule: given } }))));
  }
});

const expecting = (file: unknown) => ({ expectedFiles: [{ keyPattern: 'incoming/a-*.csv', by: '06:30', ...file as object }] });
const DAYS = 'MON, TUE, WED, THU, FRI, SAT, SUN';

test.each(propertiesOf('ExpectedFile'))('%s of an expected file', (name) => {
  for (const given of Object.values(VALUES)) {
    expectSentence(`expectedFiles\\[0\\]\\.${name}`, messageOf(() => makeAround('QualityCheck', (_, pipeline) => ({ pipeline, ...expecting({ [name]: given }) }))));
  }
});

test.each<[string, string, unknown, string]>([
  ['QualityCheck', 'a misspelt name in a file', expecting({ keypattern: 'x' }),
    'expectedFiles[0] must have no other properties than keyPattern, by, weekdays, window, timeZone, got keypattern'],
  ['QualityCheck', 'a file that is a text', { expectedFiles: ['incoming/a.csv'] }, 'expectedFiles[0] must be an object, got "incoming/a.csv"'],
  ['QualityCheck', 'no key', expecting({ keyPattern: undefined }), 'expectedFiles[0].keyPattern must be a text, got undefined'],
  ['QualityCheck', 'no time', expecting({ by: undefined }), 'expectedFiles[0].by must be a text, got undefined'],
  ['QualityCheck', 'a day\'s long name', expecting({ weekdays: ['MONDAY'] }), `expectedFiles[0].weekdays[0] must be one of ${DAYS}, got "MONDAY"`],
  ['QualityCheck', 'days by number', expecting({ weekdays: [1, 2] }), `expectedFiles[0].weekdays[0] must be one of ${DAYS}, got 1`],
  ['QualityCheck', 'a zone by its name', { timeZone: 'Europe/Berlin' }, 'timeZone must be a time zone, such as TimeZone.EUROPE_BERLIN, got "Europe/Berlin"'],
  ['QualityCheck', 'a file\'s zone by its name', expecting({ timeZone: 'Europe/Berlin' }),
    'expectedFiles[0].timeZone must be a time zone, such as TimeZone.EUROPE_BERLIN, got "Europe/Berlin"'],
  ['QualityCheck', 'an unknown zone', { timeZone: TimeZone.of('Europe/Berln') },
    'timeZone must be a time zone of the IANA database, such as Europe/Berlin, got "Europe/Berln"'],
  ['QualityCheck', 'an unknown zone of a file', expecting({ timeZone: TimeZone.of('+01:00') }),
    'expectedFiles[0].timeZone must be a time zone of the IANA database, such as Europe/Berlin, got "+01:00"'],
  ['QualityCheck', 'a message in small letters', { message: 'always' }, 'message must be one of ON_FINDINGS, ALWAYS, got "always"'],
  ['QualityCheck', 'a token as a key', expecting({ keyPattern: `incoming/${TEXT_TOKEN}` }), 'expectedFiles[0].keyPattern must be known at synth, got a token'],
  ['QualityCheck', 'a topic by its ARN', { topic: 'arn:aws:sns:eu-west-1:111111111111:topic' },
    'topic must be a topic (sns.ITopic), got "arn:aws:sns:eu-west-1:111111111111:topic"'],
  ['JobNotifications', 'one address', { failureEmails: 'a@b.c' }, 'failureEmails must be a list, got "a@b.c"'],
  ['JobNotifications', 'an alias', { encryptionKey: 'alias/x' }, 'encryptionKey must be a key (kms.IKey), got "alias/x"'],
  ['JobNotifications', 'a grouping in small letters', { grouping: 'pipeline' }, 'grouping must be one of SOURCE_KEY, PIPELINE, got "pipeline"'],
  ['JobDashboard', 'a text for parts', { around: 'x' }, 'around must be a list, got "x"'],
  ['JobDashboard', 'what is no part', { around: ['x'] }, 'around[0] must be a part around a pipeline (IMonitored), got "x"'],
  ['JobDashboard', 'a list of alarms', { alarms: [] }, 'alarms must be a JobAlarms, got a list'],
  ['JobCatalog', 'a name for a database', { database: 'mydb' }, 'database must be a database (CfnDatabase.fromDatabaseName gives one by its name), got "mydb"'],
  ['JobCatalog', 'a text for a schedule', { crawler: { schedule: 'cron(0 3 * * ? *)' } },
    'crawler.schedule must be a cron expression (Schedule.cron), got "cron(0 3 * * ? *)"'],
  ['JobCatalog', 'another name in the crawler', { crawler: { shedule: 1 } }, 'crawler must have no other properties than schedule, got shedule'],
])('%s: %s', (name, _, props, message) => {
  expect(messageOf(() => makeAround(name, (__, pipeline) => ({ pipeline, ...props as object })))).toBe(message);
});

test('JobDashboard: the alarms of another pipeline', () => {
  const message = messageOf(() => makeAround('JobDashboard', (stack, pipeline) => {
    const other = new CsvChunkPipeline(stack, 'Other', { schema: SCHEMA });
    return { pipeline, alarms: new JobAlarms(stack, 'Alarms', { pipeline: other, actions: [] }) };
  }));
  expect(message).toBe('alarms must be those of the pipeline that is shown, "Stack/Pipeline", got "Stack/Alarms" of "Stack/Other"');
});

/** Whose options are what callers give. */
const WITH_OPTIONS: Readonly<Record<string, (options: any) => unknown>> = {
  'InputFormat.bySuffix': InputFormat.bySuffix,
  'InputFormat.csv': InputFormat.csv,
  'InputFormat.tsv': InputFormat.tsv,
  'InputFormat.jsonLines': InputFormat.jsonLines,
  'InputFormat.jsonArray': InputFormat.jsonArray,
  'InputFormat.concatenatedJson': InputFormat.concatenatedJson,
  'OutputFormat.jsonLines': OutputFormat.jsonLines,
  'OutputFormat.csv': OutputFormat.csv,
  'CsvDialect.fromOptions': CsvDialect.fromOptions,
  'JsonDialect.fromOptions': JsonDialect.fromOptions,
  'Intake.queue': Intake.queue,
  'TableSchema.fromFields': (options) => TableSchema.fromFields([{ name: 'id' }], options),
  'RecordTransform.fromModule': (options) => RecordTransform.fromModule('test/e2e/transforms/normalize.mjs', options),
};

describe.each(Object.keys(WITH_OPTIONS))('the options of %s', (method) => {
  test.each(['null', '50', 'true', '"x"', '[]', 'a function', 'a text token', 'a list token'])('given as %s', (name) => {
    expectSentence('options', messageOf(() => WITH_OPTIONS[method](VALUES[name])));
  });
});

const alarmsWith = (props: any) => {
  const pipeline = new CsvChunkPipeline(new Stack(newApp(), 'Stack'), 'Pipeline', { schema: SCHEMA });
  return new JobAlarms(pipeline, 'Alarms', { pipeline, ...props });
};

test.each<[string, () => unknown, string]>([
  ['fields that are no list', () => TableSchema.fromFields('id' as any), 'schema.fields must be a list, got "id"'],
  ['a field that is none', () => TableSchema.fromFields([{ name: 'id' }, null as any]), 'schema.fields[1] must be an object, got null'],
  ['constraints that are none', () => TableSchema.fromFields([{ name: 'id', constraints: true as any }]), 'schema.fields[0].constraints must be an object, got true'],
  ['a misspelt option of a queue', () => Intake.queue({ batchsize: 1 } as any),
    'options must have no other properties than batchSize, maxBatchingWindow, maxReceiveCount, visibilityTimeout, maxConcurrency, got batchsize'],
  ['a bucket that is a name', () => OutputBucket.existing('mine' as any), 'bucket must be a bucket (s3.IBucket), got "mine"'],
  ['a rule for names that is none', () => withProps({ schema: SCHEMA, resourceNaming: { resourceName: 'x' } }),
    'resourceNaming must be a rule with a method resourceName (IResourceNaming), got an object (Object)'],
  ['no actions of alarms', () => alarmsWith({ around: [] }), 'actions must be a list, got undefined'],
  ['actions that are none', () => alarmsWith({ actions: ['arn:aws:sns:eu-west-1:111111111111:topic'] }),
    'actions[0] must be an action of an alarm (cloudwatch.IAlarmAction), got "arn:aws:sns:eu-west-1:111111111111:topic"'],
  ['other actions that are none', () => alarmsWith({ actions: [], okActions: 'none' }), 'okActions must be a list, got "none"'],
  ['a path that is none', () => RecordTransform.fromModule({} as any), 'path must be a text, got an object (Object)'],
])('%s', (_, run, message) => {
  expect(messageOf(run)).toBe(message);
});

test.each(['nothing', 'a name', 'an object'])('grants to %s throw', (what) => {
  const grantee: any = { 'nothing': undefined, 'a name': 'arn:aws:iam::111111111111:role/reader', 'an object': {} }[what];
  const stack = new Stack(newApp(), 'Stack');
  const pipeline: any = new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA });
  const granting: any[] = [pipeline, new JobApi(stack, 'Api', { pipeline }), new JobCatalog(stack, 'Catalog', { pipeline }), new JobNotifications(stack, 'Told', { pipeline })];
  const methodsOf = (one: any) => Object.getOwnPropertyNames(Object.getPrototypeOf(one)).filter((name) => /^grant(?!Routes|Tell)/.test(name));
  const messages = granting.flatMap((one) => methodsOf(one).map((name) => [name, messageOf(() => one[name](grantee))]));
  expect(messages.length).toBeGreaterThanOrEqual(12);
  for (const [name, message] of messages) {
    expect([name, message]).toEqual([name, expect.stringMatching(/^grantee must be a role, user, group, account or whatever else can be granted something \(iam\.IGrantable\), got /)]);
  }
});
