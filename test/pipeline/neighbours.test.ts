import { Stack } from 'aws-cdk-lib';
import { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { CsvChunkPipeline, CsvChunkPipelineProps, KeyPrefixOptions, OutputBucket } from '../../src';
import { newApp, SCHEMA } from '../synthesize';

type Props = Partial<CsvChunkPipelineProps>;

const all = (under: string): KeyPrefixOptions => Object.fromEntries(
  ['incoming', 'processed', 'failed', 'output', 'quarantine', 'reports', 'work'].map((name) => [name, `${under}/${name}/`]));

/** Two pipelines, in two stacks, on one bucket. */
function two(one: Props, other: Props, bucketOf: (stack: Stack) => IBucket = (stack) => Bucket.fromBucketName(stack, 'Mine', 'mine')): void {
  const app = newApp();
  for (const [id, props] of [['One', one], ['Other', other]] as const) {
    const stack = new Stack(app, id);
    new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, sourceBucket: bucketOf(stack), ...props });
  }
}

test.each<[string, Props, Props, string]>([
  ['take the same files', {}, {},
    'prefixes.incoming must not overlap that of the pipeline at "One/Pipeline" ("incoming/") in the same bucket where both take a file by its suffix (.csv): '
    + 'it would be processed twice, and moved away by one while the other reads it; got "incoming/" (.csv)'],
  ['take all files, of which one takes some', { suffixes: [] }, {},
    'prefixes.incoming must not overlap that of the pipeline at "One/Pipeline" ("incoming/") in the same bucket where both take a file by its suffix (any): '
    + 'it would be processed twice, and moved away by one while the other reads it; got "incoming/" (.csv)'],
  ['lie in each other', { prefixes: all('a') }, { prefixes: { ...all('b'), incoming: 'a/incoming/team/' } },
    'prefixes.incoming must not overlap that of the pipeline at "One/Pipeline" ("a/incoming/") in the same bucket where both take a file by its suffix (.csv): '
    + 'it would be processed twice, and moved away by one while the other reads it; got "a/incoming/team/" (.csv)'],
  ['eat what the other one publishes', { prefixes: all('a') }, { prefixes: { ...all('b'), incoming: 'a/output/' } },
    'prefixes.incoming must not overlap prefixes.output of the pipeline at "One/Pipeline" ("a/output/") in the same bucket, got "a/output/"'],
  ['publish where the other one takes files', { prefixes: all('a') }, { prefixes: { ...all('b'), output: 'a/incoming/b/' } },
    'prefixes.output must not overlap prefixes.incoming of the pipeline at "One/Pipeline" ("a/incoming/") in the same bucket, got "a/incoming/b/"'],
  ['publish where the other one has its work files, which expire', { prefixes: all('a') }, { prefixes: { ...all('b'), output: 'a/work/' } },
    'prefixes.output must not overlap prefixes.work of the pipeline at "One/Pipeline" ("a/work/") in the same bucket, got "a/work/"'],
  ['take files where the other one published once', { prefixes: all('a'), formerPrefixes: [all('old')] }, { prefixes: { ...all('b'), incoming: 'old/output/' } },
    'prefixes.incoming must not overlap prefixes.output of the pipeline at "One/Pipeline" ("old/output/") in the same bucket, got "old/output/"'],
])('two that %s throw', (_, one, other, message) => {
  expect(() => two(one, other)).toThrow(new Error(message));
});

test('one bucket is known by its name, whether it is made or imported', () => {
  const bucketOf = (stack: Stack) => stack.node.id === 'One'
    ? new Bucket(stack, 'Mine', { bucketName: 'mine', eventBridgeEnabled: true }) : Bucket.fromBucketName(stack, 'Mine', 'mine');
  expect(() => two({}, {}, bucketOf)).toThrow(/^prefixes\.incoming must not overlap/);
});

test('the output of one is not the source of the other', () => {
  const app = newApp();
  const stack = new Stack(app, 'Stack');
  const shared = Bucket.fromBucketName(stack, 'Shared', 'shared');
  new CsvChunkPipeline(stack, 'One', { schema: SCHEMA, sourceBucket: Bucket.fromBucketName(stack, 'Mine', 'mine'), outputBucket: OutputBucket.existing(shared) });
  expect(() => new CsvChunkPipeline(stack, 'Other', { schema: SCHEMA, sourceBucket: shared, prefixes: { ...all('b'), incoming: 'output/' } })).toThrow(
    'prefixes.incoming must not overlap prefixes.output of the pipeline at "Stack/One" ("output/")');
});

test('two may share a bucket', () => {
  two({ prefixes: all('a') }, { prefixes: all('b') });
  // What one job keeps lies in a folder of its own.
  two({}, { prefixes: { incoming: 'other-incoming/' } });
  two({ suffixes: ['.csv'] }, { suffixes: ['.json'] });
  two({}, {}, (stack) => Bucket.fromBucketName(stack, 'Mine', `mine-${stack.node.id}`));
});
