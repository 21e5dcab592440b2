/**
 * What CloudFormation would make of the template: each `Ref` and `Fn::GetAtt` by AWS's own rules, from the names that the
 * template gives its resources.
 */
import { SETTINGS } from './synthesized';

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Json = any;

export interface EvaluatedResource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Json;
}

const PLACE = `${SETTINGS.region}:${SETTINGS.accountId}`;

/** The first published version of a function. */
const VERSION = '1';

type Values = { readonly Ref: string } & Readonly<Record<string, string>>;

const VALUES: Record<string, (properties: Json, evaluate: (value: Json) => Json) => Values> = {
  'AWS::CloudWatch::Alarm': ({ AlarmName: name }) => ({ Ref: name, Arn: `arn:aws:cloudwatch:${PLACE}:alarm:${name}` }),
  'AWS::DynamoDB::GlobalTable': ({ TableName: name }) => ({ Ref: name, Arn: `arn:aws:dynamodb:${PLACE}:table/${name}` }),
  'AWS::Events::Rule': ({ Name: name }) => ({ Ref: name, Arn: `arn:aws:events:${PLACE}:rule/${name}` }),
  'AWS::IAM::Role': ({ RoleName: name }) => ({ Ref: name, Arn: `arn:aws:iam::${SETTINGS.accountId}:role/${name}` }),
  'AWS::Lambda::Function': ({ FunctionName: name }) => ({ Ref: name, Arn: `arn:aws:lambda:${PLACE}:function:${name}` }),
  'AWS::Lambda::Version': ({ FunctionName: name }, evaluate) => ({
    Ref: `arn:aws:lambda:${PLACE}:function:${evaluate(name)}:${VERSION}`, Version: VERSION,
  }),
  'AWS::Logs::LogGroup': ({ LogGroupName: name }) => ({ Ref: name, Arn: `arn:aws:logs:${PLACE}:log-group:${name}:*` }),
  'AWS::S3::Bucket': ({ BucketName: name }) => ({ Ref: name, Arn: `arn:aws:s3:::${name}` }),
  'AWS::SNS::Topic': ({ TopicName: name }) => ({ Ref: `arn:aws:sns:${PLACE}:${name}` }),
  'AWS::SQS::Queue': ({ QueueName: name }) => ({
    Ref: `https://sqs.${SETTINGS.region}.amazonaws.com/${SETTINGS.accountId}/${name}`, Arn: `arn:aws:sqs:${PLACE}:${name}`, QueueName: name,
  }),
  'AWS::StepFunctions::StateMachine': ({ StateMachineName: name }) => ({ Ref: `arn:aws:states:${PLACE}:stateMachine:${name}` }),
};

export function evaluateTemplate(template: Json): EvaluatedResource[] {
  const valueOf = (logicalId: string, attribute: string): string => {
    if (logicalId === 'AWS::Partition') return 'aws';
    const { Type: type, Properties: properties } = template.Resources[logicalId];
    const value = VALUES[type]?.(properties, evaluate)[attribute];
    if (value === undefined) throw new Error(`There is no rule for ${attribute} of ${type}.`);
    return value;
  };
  const evaluate = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(evaluate);
    if (typeof value !== 'object' || value === null) return value;
    const [[name, argument] = ['', undefined], ...others] = Object.entries<Json>(value);
    if (others.length === 0 && name === 'Ref') return valueOf(argument, 'Ref');
    if (others.length === 0 && name.startsWith('Fn::')) return call(name, argument);
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, evaluate(inner)]));
  };
  const call = (name: string, argument: Json): Json => {
    switch (name) {
      case 'Fn::GetAtt': return valueOf(argument[0], argument[1]);
      case 'Fn::Join': return evaluate(argument[1]).join(argument[0]);
      case 'Fn::Select': return evaluate(argument[1])[argument[0]];
      case 'Fn::Split': return evaluate(argument[1]).split(argument[0]);
      default: throw new Error(`There is no rule for ${name}.`);
    }
  };
  return Object.entries<Json>(template.Resources)
    .map(([logicalId, { Type: type, Properties: properties }]) => ({ logicalId, type, properties: evaluate(properties) }));
}
