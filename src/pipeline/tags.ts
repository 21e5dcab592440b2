import { CfnResource, Stack, TagManager, Tags, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { visibleJson } from '../spec/visible-text';
import { describe } from '../synth/prop-checks';

/** Of one resource, whatever its service. */
const MOST_TAGS = 50;
const LONGEST_KEY = 128;
const LONGEST_VALUE = 256;
const RESERVED = /^aws:/i;
/** What every service takes. */
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Tags by their keys. */
export type ResourceTags = Readonly<Record<string, string>>;

/** @throws Error for what some service refuses in the midst of a deployment */
export function checkTags(tags: ResourceTags): ResourceTags {
  const keys = Object.keys(tags);
  for (const key of keys) {
    if (Token.isUnresolved(key)) throw new Error('tags must have keys that are known at synth, got a token');
    if (key === '' || key.length > LONGEST_KEY || !ALLOWED.test(key) || RESERVED.test(key)) {
      throw new Error(`tags must have keys of 1 to ${LONGEST_KEY} letters, digits, blanks and _ . : / = + - @ that do not begin with "aws:", got ${visibleJson(key)}`);
    }
    const twin = keys.find((other) => other !== key && other.toLowerCase() === key.toLowerCase());
    if (twin !== undefined) throw new Error(`tags must have keys that differ in more than letter case (IAM refuses it), got ${visibleJson(key)} and ${visibleJson(twin)}`);
    const value: unknown = tags[key];
    if (typeof value !== 'string') throw new Error(`tags.${key} must be a text, got ${describe(value)}`);
    if (!Token.isUnresolved(value) && (value.length > LONGEST_VALUE || !ALLOWED.test(value))) {
      throw new Error(`tags.${key} must be at most ${LONGEST_VALUE} letters, digits, blanks and _ . : / = + - @, got ${visibleJson(value)}`);
    }
  }
  if (keys.length > MOST_TAGS) throw new Error(`tags must be at most ${MOST_TAGS}, got ${keys.length}`);
  return tags;
}

/** Tags all that is in the scope; those that stacks, apps and the CDK add count as well. */
export function tagAll(scope: Construct, tags: ResourceTags): void {
  Object.entries(tags).forEach(([key, value]) => Tags.of(scope).add(key, value));
  scope.node.addValidation({
    validate: () => scope.node.findAll().filter(CfnResource.isCfnResource).flatMap((resource) => {
      const keys = tagsOf(resource);
      // Added by `Tags.of(pipeline)`, a stack or an app.
      const reserved = [...keys].find((key) => RESERVED.test(key));
      if (reserved !== undefined) return [`tags must have keys that do not begin with "aws:", which is for AWS alone, got ${visibleJson(reserved)} on ${resource.node.path}`];
      const count = keys.size;
      return count <= MOST_TAGS ? [] : [
        `tags must be at most ${MOST_TAGS} on each resource, with those that its stack, its app and the CDK add, got ${count} on ${resource.node.path}`,
      ];
    }).slice(0, 1),
  });
}

/** CloudFormation puts those of the stack on each resource. */
function tagsOf(resource: CfnResource): Set<string> {
  const own = TagManager.of(resource);
  return new Set(own === undefined ? [] : [own, Stack.of(resource).tags].flatMap((manager) => Object.keys(manager.tagValues())));
}
