/** A primary and its standby in one app: what the other region would find out when it has to take over is told at synth. */
import { Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  CsvChunkPipeline, CsvChunkPipelineProps, DisasterRecovery, DisasterRecoveryPrimaryOptions, DisasterRecoveryStandbyOptions, FieldType,
  Intake, NamedResource, OutputBucket, OutputFormat, SuffixCase, TableSchema,
} from '../../src';
import { newApp, SCHEMA } from '../synthesize';

const ACCOUNT = '111111111111';
type Props = Partial<CsvChunkPipelineProps> | ((stack: Stack) => Partial<CsvChunkPipelineProps>);

function pipelineIn(app: ReturnType<typeof newApp>, id: string, region: string, props: Props, account = ACCOUNT): CsvChunkPipeline {
  const stack = new Stack(app, id, { stackName: 'TapStack', env: { account, region } });
  return new CsvChunkPipeline(stack, 'Tap', { schema: SCHEMA, environmentSuffix: 'qa', ...typeof props === 'function' ? props(stack) : props });
}

const asPrimary = (options: Partial<DisasterRecoveryPrimaryOptions> = {}) => (
  { disasterRecovery: DisasterRecovery.primary({ standbyRegion: 'eu-west-1', ...options }) }
);
const asStandby = (options: Partial<DisasterRecoveryStandbyOptions> = {}) => ({
  intake: Intake.manual(), disasterRecovery: DisasterRecovery.standby({ primaryRegion: 'us-east-1', pipelineId: 'TapStack/Tap-qa', ...options }),
});

const merged = (one: object, other: Props): Props => typeof other === 'function' ? (stack) => ({ ...one, ...other(stack) }) : { ...one, ...other };

function pair(ofPrimary: Props, ofStandby: Props): { primary: CsvChunkPipeline; standby: CsvChunkPipeline } {
  const app = newApp();
  return {
    primary: pipelineIn(app, 'Primary', 'us-east-1', merged(asPrimary(), ofPrimary)), standby: pipelineIn(app, 'Standby', 'eu-west-1', merged(asStandby(), ofStandby)),
  };
}

const warnings = (pipeline: CsvChunkPipeline) => (
  Annotations.fromStack(Stack.of(pipeline)).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data).replace(/ \[ack: .*/, ''))
);

const SAME = (prop: string, got: string) => (
  `${prop} of the primary at "Primary/Tap" and of its standby at "Standby/Tap" must be the same, because the two are one pipeline, got ${got}`
);
const key = (stack: Stack, region: string, id: string) => Key.fromKeyArn(stack, `${region}-${id}`, `arn:aws:kms:${region}:${ACCOUNT}:key/${id}`);
const ruled = (nameOf: (resource: NamedResource) => string) => ({ resourceNaming: { resourceName: nameOf } });

describe('a pair', () => {
  test.each<[string, Props, Props, string]>([
    ['region of the standby', asPrimary({ standbyRegion: 'ap-south-1' }), {},
      'disasterRecovery.standbyRegion of the primary at "Primary/Tap" must be the region of its standby at "Standby/Tap" (eu-west-1), got ap-south-1'],
    ['region of the primary', {}, asStandby({ primaryRegion: 'us-west-2' }),
      'disasterRecovery.primaryRegion of its standby at "Standby/Tap" must be the region of the primary at "Primary/Tap" (us-east-1), got us-west-2'],
    ['id', {}, asStandby({ pipelineId: 'Nobody/Tap-qa' }),
      'disasterRecovery.pipelineId of its standby at "Standby/Tap" must be that of the primary at "Primary/Tap", or the standby takes every file for a new one '
      + '("TapStack/Tap-qa"), got "Nobody/Tap-qa"'],
    ['suffixes', { suffixes: ['.json'] }, {}, SAME('suffixes', '[".json"] and [".csv"]')],
    ['case of suffixes', { suffixCase: SuffixCase.EXACT }, {}, SAME('suffixCase', '"exact" and "any"')],
    ['output bucket', {}, { outputBucket: OutputBucket.own() }, SAME('outputBucket', '"OutputBucket.sameAsSource()" and "OutputBucket.own()"')],
    ['former prefixes', {}, { formerPrefixes: [{ output: 'old/' }] }, 'formerPrefixes of the primary at "Primary/Tap" and of its standby at "Standby/Tap" must be the same'],
    ['schema', {}, { schema: TableSchema.fromFields([{ name: 'id', type: FieldType.INTEGER }]) }, 'schema of the primary at "Primary/Tap" and of its standby'],
    ['output format', { outputFormat: OutputFormat.csv() }, {}, 'outputFormat (and metadataColumns) of the primary'],
    ['limit', { maxRejectedRecords: 5 }, {}, SAME('maxRejectedRecords', '5 and none')],
    ['name of the table', {}, ruled(({ resourceType, defaultName }) => resourceType === 'table' ? 'other-jobs' : defaultName),
      SAME('resourceNaming: the name of the job table', '"table-tap-jobs-qa" and "other-jobs"')],
    ['name of the standby\'s bucket', {}, ruled(({ resourceType, region, defaultName }) => resourceType === 'bucket' && region === 'eu-west-1' ? 'other-files' : defaultName),
      'resourceNaming: the names of the buckets of the primary at "Primary/Tap" and of its standby'],
    ['key', (stack) => ({ ...asPrimary({ standbyEncryptionKey: key(stack, 'eu-west-1', 'other') }), encryptionKey: key(stack, 'us-east-1', 'own') }),
      (stack) => ({ ...asStandby({ primaryEncryptionKey: key(stack, 'us-east-1', 'own') }), encryptionKey: key(stack, 'eu-west-1', 'own') }),
      'disasterRecovery.standbyEncryptionKey of the primary at "Primary/Tap" must be the encryptionKey of its standby at "Standby/Tap" '
      + `(arn:aws:kms:eu-west-1:${ACCOUNT}:key/own), because what is replicated there is read with it, got arn:aws:kms:eu-west-1:${ACCOUNT}:key/other`],
    ['key, of which the primary knows none', {},
      (stack) => ({ ...asStandby({ primaryEncryptionKey: key(stack, 'us-east-1', 'own') }), encryptionKey: key(stack, 'eu-west-1', 'own') }),
      `(arn:aws:kms:eu-west-1:${ACCOUNT}:key/own), because what is replicated there is read with it, got none`],
  ])('that does not agree about its %s throws', (_, ofPrimary, ofStandby, message) => {
    expect(() => pair(ofPrimary, ofStandby)).toThrow(message);
  });

  test('that does not agree about its prefixes throws, whichever is made first', () => {
    const prefixes = { incoming: 'a/' };
    expect(() => pair({ prefixes }, {})).toThrow(/^prefixes of the primary at "Primary\/Tap" and of its standby at "Standby\/Tap" must be the same, .*"a\/".*"incoming\/"/);
    const app = newApp();
    pipelineIn(app, 'Standby', 'eu-west-1', asStandby());
    expect(() => pipelineIn(app, 'Primary', 'us-east-1', { ...asPrimary(), prefixes })).toThrow(/^prefixes of the primary at "Primary\/Tap"/);
  });

  test.each<[string, Props, Props]>([
    ['is the same but for what each region may have of its own', { tags: { Region: 'one' }, maxConcurrency: 20 }, asStandby({ replicateBack: true })],
    ['names the same in another order', { suffixes: ['.csv', '.json'], formerPrefixes: [{ output: 'a/' }, { output: 'b/' }] },
      { suffixes: ['.json', '.csv'], formerPrefixes: [{ output: 'b/' }, { output: 'a/' }] }],
    ['has keys', (stack) => ({ ...asPrimary({ standbyEncryptionKey: key(stack, 'eu-west-1', 'own') }), encryptionKey: new Key(stack, 'Made') }),
      (stack) => ({ ...asStandby({ primaryEncryptionKey: key(stack, 'us-east-1', 'own') }), encryptionKey: key(stack, 'eu-west-1', 'own') })],
  ])('that %s is right', (_, ofPrimary, ofStandby) => {
    const { primary, standby } = pair(ofPrimary, ofStandby);
    expect([...warnings(primary), ...warnings(standby)]).toEqual([]);
  });
});

test('pairs of other regions, accounts and rules are no business of each other', () => {
  const app = newApp();
  const made = [
    pipelineIn(app, 'A', 'us-east-1', { ...asPrimary(), suffixes: ['.json'] }),
    pipelineIn(app, 'AStandby', 'eu-west-1', { ...asStandby(), suffixes: ['.json'] }),
    pipelineIn(app, 'B', 'us-west-2', asPrimary({ standbyRegion: 'eu-central-1' })),
    pipelineIn(app, 'BStandby', 'eu-central-1', asStandby({ primaryRegion: 'us-west-2' })),
    pipelineIn(app, 'C', 'us-east-1', asPrimary(), '222222222222'),
    pipelineIn(app, 'CStandby', 'eu-west-1', asStandby(), '222222222222'),
  ];
  const byRule = (stage: string) => ({ environmentSuffix: undefined, ...ruled(({ defaultName }) => `${stage}-${defaultName}`.slice(0, 63)) });
  for (const stage of ['dev', 'prod']) {
    const suffixes = [`.${stage}`];
    made.push(pipelineIn(app, `${stage}-Primary`, 'us-east-1', { ...asPrimary(), suffixes, ...byRule(stage) }));
    made.push(pipelineIn(app, `${stage}-Standby`, 'eu-west-1', { ...asStandby({ pipelineId: 'TapStack/Tap' }), suffixes, ...byRule(stage) }));
  }
  expect(made.flatMap(warnings)).toEqual([]);
});

test('a primary and a standby of one name that do not know each other are warned of: they may belong to pipelines of other apps', () => {
  const { standby } = pair(asPrimary({ standbyRegion: 'ap-south-1' }), asStandby({ primaryRegion: 'us-west-2', pipelineId: 'Nobody/Tap-qa' }));
  expect(warnings(standby)).toEqual([
    'the standby in eu-west-1 (primaryRegion us-west-2) and a primary of the same construct id and environmentSuffix do not know each other: "Primary/Tap" in us-east-1 '
    + '(standbyRegion ap-south-1). If they belong together, each must name the other one\'s region, and resourceNaming of both must give the same names; if not, acknowledge this',
  ]);
});
