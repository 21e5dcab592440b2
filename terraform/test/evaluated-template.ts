/**
 * What CloudFormation would make of the template: each `Ref` and `Fn::GetAtt` by AWS's own rules, from the names that the
 * template gives its resources.
 */
import { Json } from './stub-provider/terraform-json';

export interface EvaluatedResource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Json;
}

/** Where the template is deployed, and with what. */
export interface Place {
  readonly region: string;
  readonly accountId: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The first published version of a function. */
const VERSION = '1';

type Values = { readonly Ref: string } & Readonly<Record<string, string>>;

function valuesOf(type: string, properties: Json, { region, accountId }: Place): Values {
  const regional = `${region}:${accountId}`;
  switch (type) {
    case 'AWS::CloudWatch::Alarm': return named(properties.AlarmName, (name) => `arn:aws:cloudwatch:${regional}:alarm:${name}`);
    case 'AWS::DynamoDB::GlobalTable': return named(properties.TableName, (name) => `arn:aws:dynamodb:${regional}:table/${name}`);
    case 'AWS::Events::Rule': return named(properties.Name, (name) => `arn:aws:events:${regional}:rule/${name}`);
    case 'AWS::IAM::Role': return named(properties.RoleName, (name) => `arn:aws:iam::${accountId}:role/${name}`);
    case 'AWS::Lambda::Function': return named(properties.FunctionName, (name) => `arn:aws:lambda:${regional}:function:${name}`);
    case 'AWS::Lambda::Version': return { Ref: `arn:aws:lambda:${regional}:function:${properties.FunctionName}:${VERSION}`, Version: VERSION };
    case 'AWS::Logs::LogGroup': return named(properties.LogGroupName, (name) => `arn:aws:logs:${regional}:log-group:${name}:*`);
    case 'AWS::S3::Bucket': return named(properties.BucketName, (name) => `arn:aws:s3:::${name}`);
    case 'AWS::SNS::Topic': return { Ref: `arn:aws:sns:${regional}:${properties.TopicName}` };
    case 'AWS::SQS::Queue': return {
      Ref: `https://sqs.${region}.amazonaws.com/${accountId}/${properties.QueueName}`,
      Arn: `arn:aws:sqs:${regional}:${properties.QueueName}`,
      QueueName: properties.QueueName,
    };
    case 'AWS::StepFunctions::StateMachine': return { Ref: `arn:aws:states:${regional}:stateMachine:${properties.StateMachineName}` };
    default: throw new Error(`There is no rule for references to ${type}.`);
  }
}

function named(name: string, arn: (name: string) => string): Values {
  return { Ref: name, Arn: arn(name) };
}

export function evaluateTemplate(template: Json, place: Place): EvaluatedResource[] {
  const given: Record<string, string> = {
    'AWS::Partition': 'aws', 'AWS::Region': place.region, 'AWS::AccountId': place.accountId, ...place.parameters,
  };
  const known = new Map<string, Values>();
  const valueOf = (logicalId: string, attribute: string): string => {
    if (logicalId in given) return given[logicalId];
    if (!known.has(logicalId)) {
      const { Type: type, Properties: properties } = template.Resources[logicalId];
      known.set(logicalId, valuesOf(type, evaluate(properties), place));
    }
    const value = known.get(logicalId)![attribute];
    if (value === undefined) throw new Error(`There is no rule for ${attribute} of ${logicalId}.`);
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
      case 'Fn::Sub': return argument.replace(/\$\{([\w:]+)\}/g, (_: string, id: string) => valueOf(id, 'Ref'));
      case 'Fn::Split': return evaluate(argument[1]).split(argument[0]);
      default: throw new Error(`There is no rule for ${name}.`);
    }
  };
  return Object.entries<Json>(template.Resources)
    .map(([logicalId, { Type: type, Properties: properties }]) => ({ logicalId, type, properties: evaluate(properties) }));
}
