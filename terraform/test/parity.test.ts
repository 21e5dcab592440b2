/** The construct's template and Terraform's configuration are two descriptions of one pipeline. */
import { readTemplate } from './parity/cloudformation-reading';
import { differences } from './parity/facts';
import { LISTED, LISTED_WHERE_DESTROYED, unexpected } from './parity/listed-differences';
import { readConfiguration } from './parity/terraform-reading';
import { DESTROYABLE, KEPT, OPEN, synthesize } from './synthesized';

const kept = synthesize(KEPT);
const destroyable = synthesize(DESTROYABLE);

function compare(template: object, config: object, listed = LISTED) {
  return unexpected(differences(readTemplate(template), readConfiguration(config)), listed);
}

test('both say the same of a pipeline whose data is kept, but for what is listed', () => {
  expect(compare(kept.template, kept.config)).toEqual({ unlisted: [], doNotOccur: [] });
});

test('both say the same of a pipeline that can be destroyed, but for what is listed', () => {
  const { template, config } = destroyable;
  expect(compare(template, config, LISTED_WHERE_DESTROYED)).toEqual({ unlisted: [], doNotOccur: [] });
});

test('both say the same of a pipeline whose region and e-mail address are left open, but for what is listed', () => {
  const { template, config } = synthesize(OPEN);
  expect(compare(template, config)).toEqual({ unlisted: [], doNotOccur: [] });
});

test('what is compared are all resources of the template', () => {
  expect(Object.keys(readTemplate(kept.template))).toHaveLength(Object.keys(kept.template.Resources).length);
});

/** The first resource of a type. */
function first(config: any, type: string): any {
  return Object.values(config.resource[type])[0];
}

/** Changes a text of the first resource of a type. */
function replace(config: any, type: string, argument: string, from: string, to: string): void {
  const { [argument]: text } = first(config, type);
  first(config, type)[argument] = text.replace(from, to);
}

test.each<[what: string, plant: (config: any) => void, found: RegExp]>([
  ['a name', (config) => { first(config, 'aws_sqs_queue').name += 'x'; }, /^queue \w+\.name$/],
  ['a tag', (config) => { first(config, 'aws_cloudwatch_metric_alarm').tags.Project = 'other'; }, /^alarm \w+\.tags\.Project$/],
  ['an action that a role may take', (config) => replace(config, 'aws_iam_role_policy', 'policy', 's3:GetObject', 's3:*'), /^role policy \w+\.policy\./],
  ['who may take a role', (config) => { first(config, 'aws_iam_role').assume_role_policy = '{"Statement":[]}'; }, /^role \w+\.trust\./],
  ['an environment', (config) => { first(config, 'aws_lambda_function').environment.variables.MORE = 'x'; }, /^function \w+\.environment\.MORE$/],
  ['a reference', (config) => { first(config, 'aws_lambda_function').role = '${aws_iam_role.Other.arn}'; }, /^function \w+\.role$/],
  ['the memory of a function', (config) => { first(config, 'aws_lambda_function').memory_size += 1; }, /^function \w+\.memory$/],
  ['the workflow', (config) => replace(config, 'aws_sfn_state_machine', 'definition', '"MaxAttempts":3', '"MaxAttempts":4'), /\.definition\.States\./],
  ['an event pattern', (config) => replace(config, 'aws_cloudwatch_event_rule', 'event_pattern', 'aws.', 'our.'), /^rule \w+\.pattern\.source$/],
  ['a lifecycle rule', (config) => first(config, 'aws_s3_bucket_lifecycle_configuration').rule.pop(), /^bucket \w+\.lifecycle$/],
  ['the threshold of an alarm', (config) => { first(config, 'aws_cloudwatch_metric_alarm').threshold += 1; }, /^alarm \w+\.threshold$/],
  ['what is kept', (config) => { delete first(config, 'aws_dynamodb_table').lifecycle; }, /^table \w+\.kept(?:WhenReplaced)?$/],
  ['what the template says nothing of', (config) => { first(config, 'aws_dynamodb_table').ttl.more = 5; }, /^table \w+\.unread$/],
  ['a resource less', (config) => { delete config.resource.aws_sns_topic_subscription; }, /^subscription \w+$/],
  ['a type more', (config) => { config.resource.aws_kms_key = { Key: {} }; }, /^unknown type aws_kms_key Key$/],
])('a difference in %s is found', (_, change, path) => {
  const config = JSON.parse(kept.text);
  change(config);
  const { unlisted } = compare(kept.template, config);
  expect(unlisted.length).toBeGreaterThan(0);
  for (const difference of unlisted) expect(difference.path).toMatch(path);
});

describe('a statement about the function that empties a bucket, and about somebody else', () => {
  const [policyId] = Object.keys(destroyable.config.resource.aws_s3_bucket_policy);
  const statement = (principals: unknown) => ({ Sid: 'Merged', Effect: 'Deny', Action: 's3:PutObject', Principal: { AWS: principals }, Resource: '*' });
  const [helperRole] = Object.keys(destroyable.template.Resources).filter((id) => id.startsWith('CustomS3AutoDelete') && id.includes('Role'));
  /** Both with a statement more. */
  const compareWith = (principals: unknown, inTerraform: object[]) => {
    const { template, config } = structuredClone({ template: destroyable.template, config: destroyable.config });
    template.Resources[policyId].Properties.PolicyDocument.Statement.push(statement(principals));
    const policy = config.resource.aws_s3_bucket_policy[policyId];
    const document = JSON.parse(policy.policy);
    policy.policy = JSON.stringify({ ...document, Statement: [...document.Statement, ...inTerraform] });
    return compare(template, config, LISTED_WHERE_DESTROYED).unlisted.map(({ path }) => path);
  };
  const both = [{ 'Fn::GetAtt': [helperRole, 'Arn'] }, 'arn:aws:iam::444455556666:root'];

  test('must still hold for the other one', () => {
    expect(compareWith(both, [statement(['arn:aws:iam::444455556666:root'])])).toEqual([]);
    expect(compareWith(both, [])).toEqual([`resource policy ${policyId}.policy.Statement`]);
  });

  test('need not be there for nobody else', () => {
    expect(compareWith([both[0]], [])).toEqual([]);
    expect(compareWith([both[1]], [])).toEqual([`resource policy ${policyId}.policy.Statement`]);
  });
});
