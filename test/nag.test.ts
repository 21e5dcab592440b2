import { Stack } from 'aws-cdk-lib';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks } from 'cdk-nag';
import { newApp, newStack, SCHEMA } from './synthesize';
import { TapStack } from '../examples/tap-stack/tap-stack';
import { CsvChunkPipeline, Intake, RecordTransform } from '../src';

/** What is left to acknowledge, and why it is so. */
const ACKNOWLEDGED: Array<{ finding: RegExp; reason: string }> = [
  {
    finding: /^AwsSolutions-S1$/,
    reason: 'Access logs need another bucket of the account; give the pipeline a bucket of your own that has them',
  },
  {
    finding: /^AwsSolutions-L1$/,
    reason: 'The bundles are made for Node.js 22, a supported runtime; the prop `runtime` takes a later one',
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::<TapStorageBucket\w+\.Arn>\/(incoming|processed|failed|output|quarantine|reports|work)\/.*\*\]$/,
    reason: 'The objects under one prefix; test/iam.test.ts holds who may do what there',
  },
  { finding: /^AwsSolutions-IAM5\[Resource::<Tap\w+Function\w+\.Arn>:\*\]$/, reason: 'The versions that running executions invoke' },
  { finding: /^AwsSolutions-IAM5\[Resource::arn:.*:execution:.*:\*\]$/, reason: 'The child executions of the Map, as Step Functions asks for it' },
  { finding: /^AwsSolutions-IAM5\[Resource::\*\]$/, reason: 'X-Ray and log deliveries know no resources' },
];

function findings(stack: Stack): string[] {
  return new AwsSolutionsChecks(stack).validateScope(stack).violations.map(({ ruleName }) => ruleName);
}

// Not by `Validations.acknowledge`: it refuses ids that hold `::` twice, as those of findings on ARNs do.
test('passes the AWS Solutions checks, but for what is acknowledged with a reason', () => {
  const found = findings(new TapStack(newApp(), 'TapStack', { environmentSuffix: 'test' }));
  expect(found.filter((id) => !ACKNOWLEDGED.some(({ finding }) => finding.test(id)))).toEqual([]);
});

test('nothing is acknowledged that is no longer found', () => {
  const found = findings(new TapStack(newApp(), 'TapStack', { environmentSuffix: 'test' }));
  expect(ACKNOWLEDGED.filter(({ finding }) => !found.some((id) => finding.test(id)))).toEqual([]);
});

test('a queue for the files that land brings no finding', () => {
  const found = (intake: Intake) => {
    const stack = newStack();
    new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, intake });
    return new Set(findings(stack));
  };
  const byEvents = found(Intake.events());
  expect([...found(Intake.queue())].filter((id) => !byEvents.has(id))).toEqual([]);
});

test('a function as the transform needs no wildcard', () => {
  const stack = newStack();
  const toEuros = new Function(stack, 'ToEuros', { runtime: Runtime.PYTHON_3_13, handler: 'a.b', code: Code.fromInline('pass') });
  new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, transform: RecordTransform.fromFunction(toEuros) });
  expect(findings(stack).filter((id) => id.includes('IAM5') && id.includes('ToEuros'))).toEqual([]);
});
