import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { describeUnless } from './where-terraform-is';
import { Expression, Text } from '../lib/expressions';
import { References } from '../lib/references';

const NAMES: Record<string, Text> = {
  'Queue': [new Expression('aws_sqs_queue.Queue.url')],
  'Queue.Arn': [new Expression('aws_sqs_queue.Queue.arn')],
  'Logs.Arn': [new Expression('aws_cloudwatch_log_group.Logs.arn'), ':*'],
  'AWS::Region': ['us-east-1'],
  'Nested.Outputs.Id': [new Expression('x.y.z')],
};

const references = new References({
  nameOf: (id, attribute) => NAMES[attribute === undefined ? id : `${id}.${attribute}`] ?? [],
  localOf: (expression) => expression,
});

test.each<[string, unknown, string]>([
  ['a text', 'plain', 'plain'],
  ['Ref', { Ref: 'Queue' }, '${aws_sqs_queue.Queue.url}'],
  ['Ref of a pseudo parameter', { Ref: 'AWS::Region' }, 'us-east-1'],
  ['Fn::GetAtt', { 'Fn::GetAtt': ['Queue', 'Arn'] }, '${aws_sqs_queue.Queue.arn}'],
  ['Fn::GetAtt as a text', { 'Fn::GetAtt': 'Queue.Arn' }, '${aws_sqs_queue.Queue.arn}'],
  ['Fn::GetAtt with points in the attribute', { 'Fn::GetAtt': ['Nested', 'Outputs.Id'] }, '${x.y.z}'],
  ['an attribute that something follows', { 'Fn::GetAtt': ['Logs', 'Arn'] }, '${aws_cloudwatch_log_group.Logs.arn}:*'],
  ['Fn::Join', { 'Fn::Join': ['/', ['a', { Ref: 'Queue' }, { 'Fn::Join': ['', ['b', 'c']] }]] }, 'a/${aws_sqs_queue.Queue.url}/bc'],
  ['Fn::Sub', { 'Fn::Sub': '${AWS::Region}:${Queue.Arn}:${Queue}' }, 'us-east-1:${aws_sqs_queue.Queue.arn}:${aws_sqs_queue.Queue.url}'],
  ['Fn::Sub with values', { 'Fn::Sub': ['${Mine}-${Queue}', { Mine: { Ref: 'AWS::Region' } }] }, 'us-east-1-${aws_sqs_queue.Queue.url}'],
  ['Fn::Sub with a literal', { 'Fn::Sub': '${!Literal}' }, '$${Literal}'],
  ['Fn::Select', { 'Fn::Select': [1, ['a', { Ref: 'Queue' }]] }, '${aws_sqs_queue.Queue.url}'],
  ['Fn::Select and Fn::Split', { 'Fn::Select': ['5', { 'Fn::Split': [':', { 'Fn::GetAtt': ['Queue', 'Arn'] }] }] }, '${split(":", aws_sqs_queue.Queue.arn)[5]}'],
  ['Fn::Split of a text', { 'Fn::Select': [0, { 'Fn::Split': ['"', { 'Fn::Join': ['', ['${x}"', { Ref: 'Queue' }]] }] }] },
    '${split("\\"", "$${x}\\"${aws_sqs_queue.Queue.url}")[0]}'],
])('%s becomes a text of Terraform', (_, raw, expected) => {
  expect(references.value(raw)).toBe(expected);
});

test('numbers and booleans stay what they are, lists and objects keep their form', () => {
  expect(references.value({ 'a': [1, true, { Ref: 'Queue' }], 'b${c}': null })).toEqual({ 'a': [1, true, '${aws_sqs_queue.Queue.url}'], 'b$${c}': null });
});

test('a document in JSON is escaped as JSON, and its references are not', () => {
  const document = { 'quote"': ['\\', { Ref: 'Queue' }, { 'Fn::Select': [0, { 'Fn::Split': [':', { Ref: 'Queue' }] }] }, '${aws:username}'] };
  expect(references.json(document)).toBe('{"quote\\"":["\\\\","${aws_sqs_queue.Queue.url}","${split(":", aws_sqs_queue.Queue.url)[0]}","$${aws:username}"]}');
});

test.each<[string, unknown, string]>([
  ['Fn::ImportValue', { 'Fn::ImportValue': 'x' }, 'Fn::ImportValue has no form in Terraform here'],
  ['Fn::If', { 'Fn::If': ['a', 'b', 'c'] }, 'Fn::If has no form in Terraform here'],
  ['Fn::Join', { 'Fn::Join': ['', { 'Fn::Split': [',', 'a,b'] }] }, 'Fn::Join of {"Fn::Split":[",","a,b"]} has no form in Terraform here: a list was expected'],
  ['Fn::Select', { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }, 'Fn::Select from {"Fn::GetAZs":""} has no form in Terraform here: a list or Fn::Split was expected'],
])('%s that Terraform has no form for fails by name', (_, raw, message) => {
  expect(() => references.value([raw])).toThrow(message);
});

const TEXTS: string[] = [
  '${', '%{', '$${x}', '$$${x}', '%%{ if }', '$', '$$', '$$$', 'ends with $', '${"a"}', 'a$b%c', '\\${x}', '"${x}"', '$%{', '%${', '\n\t${x}', 'é${😀}', '${aws:PrincipalTag/team}',
];


const hasTerraform = spawnSync('terraform', ['-help'], { timeout: 30_000 }).status === 0;
const describeWithTerraform = describeUnless(hasTerraform ? undefined : 'Terraform is not installed.', 'texts in Terraform itself');

// The texts that Terraform gives are the ones that went in, whatever stands in them.
describeWithTerraform('Terraform', () => {
  test('reads what the template says', () => {
    const url = new Expression('var.url');
    const withUrl = new References({ nameOf: () => [url], localOf: (expression) => expression });
    const raw = Object.fromEntries(TEXTS.flatMap((text, index) => [
      [`plain_${index}`, text],
      [`before_${index}`, { 'Fn::Join': ['', [text, { Ref: 'Url' }]] }],
      [`after_${index}`, { 'Fn::Join': ['', [{ Ref: 'Url' }, text]] }],
      [`apart_${index}`, { 'Fn::Join': ['', [...text]] }],
    ]));
    const expected = Object.fromEntries(TEXTS.flatMap((text, index) => [
      [`plain_${index}`, text], [`before_${index}`, `${text}URL`], [`after_${index}`, `URL${text}`], [`apart_${index}`, text],
    ]));
    const splits = Object.fromEntries(TEXTS.map((text, index) => [`split_${index}`, {
      'Fn::Select': [1, { 'Fn::Split': ['|', { 'Fn::Join': ['', ['a|', text, { Ref: 'Url' }, '|b']] }] }],
    }]));

    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'references-'));
    try {
      fs.writeFileSync(path.join(directory, 'main.tf.json'), JSON.stringify({
        variable: { url: { default: 'URL' } },
        output: {
          texts: { value: withUrl.value(raw) },
          splits: { value: withUrl.value(splits) },
          document: { value: withUrl.json(raw) },
        },
      }));
      const terraform = (...args: string[]) => execFileSync('terraform', args, { cwd: directory, encoding: 'utf8', timeout: 50_000, stdio: ['ignore', 'pipe', 'pipe'] });
      terraform('init', '-input=false');
      terraform('apply', '-auto-approve', '-input=false');
      const outputs = JSON.parse(terraform('output', '-json'));
      expect(outputs.texts.value).toEqual(expected);
      expect(JSON.parse(outputs.document.value)).toEqual(expected);
      expect(outputs.splits.value).toEqual(Object.fromEntries(TEXTS.map((text, index) => [`split_${index}`, `${text}URL`])));
    } finally {
      fs.rmSync(directory, { recursive: true });
    }
  });
});
