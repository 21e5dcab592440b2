/** Whether CloudWatch may do what an alarm asks of it, as far as that is known at synth. */
import { Annotations, Aspects, CfnResource, Reference, Stack, Token, Tokenization } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { visibleJson } from '../spec/visible-text';

const SERVICE = 'cloudwatch.amazonaws.com';
const KEY_ACTIONS = ['kms:Decrypt', 'kms:GenerateDataKey*'];
/** Its policy is that of AWS, and lets no other service in. */
const AWS_MANAGED_KEY = 'alias/aws/sns';
/** What the CDK calls the policy in a topic's scope. */
const TOPIC_POLICY_ID = 'Policy';

/**
 * Lets CloudWatch publish to the topics of these actions where that is up to the app, and refuses those to which it
 * could not. Of other actions nothing is known.
 *
 * @param actionsByProp for errors, by the name of the prop
 */
export function makeDeliverable(scope: Construct, actionsByProp: Readonly<Record<string, readonly cloudwatch.IAlarmAction[]>>): void {
  const topics = new Map<sns.ITopic, string>();
  for (const [prop, actions] of Object.entries(actionsByProp)) {
    for (const topic of actions.map(topicOf)) if (topic !== undefined && !topics.has(topic)) topics.set(topic, prop);
  }
  for (const [topic, prop] of topics) {
    checkRegion(scope, prop, topic);
    openKey(scope, prop, topic);
  }
  // At the end: a topic may get its policy later than its alarms.
  Aspects.of(scope).add({ visit: (node) => { if (node === scope) [...topics.keys()].forEach((topic) => openPolicy(scope, topic)); } });
}

/** `SnsAction` keeps its topic to itself. */
function topicOf(action: cloudwatch.IAlarmAction): sns.ITopic | undefined {
  const { topic } = action as { readonly topic?: sns.ITopic };
  return typeof topic?.topicArn === 'string' ? topic : undefined;
}

function checkRegion(scope: Construct, prop: string, { env: { region }, node }: sns.ITopic): void {
  const own = Stack.of(scope).region;
  if (Token.isUnresolved(region) || Token.isUnresolved(own) || region === own) return;
  throw new Error(`${prop} must be topics of the alarms' own region, which is ${own}, got ${visibleJson(node.path)} of ${region}`);
}

/**
 * Without a policy of its own a topic takes what comes from its account. One that has its own says so itself, and the
 * first statement of a policy ends that default.
 */
function openPolicy(scope: Construct, topic: sns.ITopic): void {
  if (topic.node.tryFindChild(TOPIC_POLICY_ID) === undefined) return;
  topic.addToResourcePolicy(new iam.PolicyStatement({
    actions: ['sns:Publish'],
    principals: [new iam.ServicePrincipal(SERVICE)],
    resources: [topic.topicArn],
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
  }));
}

function openKey(scope: Construct, prop: string, topic: sns.ITopic): void {
  const key = keyOf(topic);
  if (key === undefined) return;
  if (isAwsManaged(topic, key)) {
    throw new Error(`${prop} must be topics that CloudWatch may publish to, got ${visibleJson(topic.node.path)}, which is encrypted with ${AWS_MANAGED_KEY}: `
      + 'the policy of that key lets CloudWatch not use it, and nobody can change it. Encrypt the topic with a key of your own, or not at all');
  }
  if (typeof key !== 'string' && letUse(key)) return;
  const plain = plainKeyOf(typeof key === 'string' ? key : key.keyArn);
  if (plain === undefined) {
    Annotations.of(scope).addWarningV2('cdk-csv-chunk-pipeline:alarmTopicKey', `${prop}: the topic ${visibleJson(topic.node.path)} is encrypted with a key that is not of `
      + `this app, whose policy must allow ${SERVICE} ${KEY_ACTIONS.join(' and ')}, or no alarm reaches it`);
  } else if (!JSON.stringify(Stack.of(plain).resolve(plain.keyPolicy)).includes(SERVICE)) {
    throw new Error(`${prop} must be topics that CloudWatch may publish to, got ${visibleJson(topic.node.path)}, which is encrypted with ${visibleJson(plain.node.path)}: `
      + `the policy of that CfnKey cannot be changed here. Allow ${SERVICE} ${KEY_ACTIONS.join(' and ')} in it`);
  }
}

/** @returns whether the key's policy says so now */
function letUse(key: kms.IKey): boolean {
  return key.addToResourcePolicy(new iam.PolicyStatement({
    actions: KEY_ACTIONS,
    principals: [new iam.ServicePrincipal(SERVICE)],
    resources: ['*'],
  })).statementAdded;
}

/** A topic of the app has its key as a construct, or, where it was made as an L1, as an id in its properties. */
function keyOf(topic: sns.ITopic): kms.IKey | string | undefined {
  return topic.masterKey ?? (topic.node.defaultChild as sns.CfnTopic | undefined)?.kmsMasterKeyId;
}

function isAwsManaged(topic: sns.ITopic, key: kms.IKey | string): boolean {
  const id = (topic.node.defaultChild as sns.CfnTopic | undefined)?.kmsMasterKeyId;
  const names = [typeof key === 'string' ? key : (key as kms.IKey & { readonly aliasName?: string }).aliasName, id]
    .map((name) => JSON.stringify(Stack.of(topic).resolve(name)) ?? '');
  return names.some((name) => name.includes(AWS_MANAGED_KEY));
}

/** The L1 of this app that the id or ARN of a key is a reference to. */
function plainKeyOf(idOrArn: string): kms.CfnKey | undefined {
  const token = Tokenization.reverseString(idOrArn).firstToken;
  const target = Reference.isReference(token) ? token.target : undefined;
  return target !== undefined && CfnResource.isCfnResource(target) && target.cfnResourceType === kms.CfnKey.CFN_RESOURCE_TYPE_NAME
    ? target as kms.CfnKey : undefined;
}
