import { asText, Synthesized } from '../synthesize';

const asList = <T>(value: T | T[]): T[] => Array.isArray(value) ? value : [value];

/**
 * What one role may do: a line for each action, resource and condition, with the pipeline's own resources readable.
 *
 * @param idPart of the role
 * @param readable what else is to be readable
 */
export function permissionsOf(synthesized: Synthesized, idPart: string, readable: (resource: string) => string = (resource) => resource): string[] {
  const roles = synthesized.entries('AWS::IAM::Role').map(([id]) => id).filter((id) => id.startsWith(idPart));
  if (roles.length !== 1) throw new Error(`expected one role with "${idPart}" at the beginning of its id, got ${roles.join(', ') || 'none'}`);
  return synthesized.entries('AWS::IAM::Policy')
    .filter(([, { Properties }]) => Properties.Roles.some(({ Ref }: any) => Ref === roles[0]))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
    .flatMap(({ Effect, Action, Resource, Condition }) => asList(Resource).map((resource) =>
      `${Effect === 'Allow' ? '' : `${Effect} `}${asList(Action).sort().join(', ')} | ${readable(ofThePipeline(asText(resource)))}`
      + (Condition === undefined ? '' : ` if ${JSON.stringify(Condition)}`)))
    .sort();
}

/** Logical ids, readable. */
function ofThePipeline(resource: string): string {
  return resource
    .replace(/arn:\${AWS::Partition}:s3:::/, '')
    .replace(/\${PipelineStorageBucket\w+?(\.Arn)?}/, '{bucket}')
    .replace(/\${PipelineJobTable\w+?\.Arn}/, '{table}')
    .replace(/\${Pipeline(?:DeadLetters)\w+?\.Arn}/, '{dead letters}')
    .replace(/\${([A-Z][a-z]+)DeadLetters\w+?\.Arn}/, '{dead letters of $1}')
    .replace(/\${[A-Z][a-z]+(\w+?)Logs\w+?\.Arn}/, '{$1 logs}');
}
