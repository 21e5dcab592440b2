import { Difference } from './facts';

/** What differs between the two descriptions, and why that is right. Each must occur, or it is listed for nothing. */
export interface Listed {
  readonly reason: string;
  readonly path: RegExp;
  readonly is: (difference: Difference) => boolean;
}

const onlyInCloudFormation = ({ terraform }: Difference) => terraform === undefined;

function onlyInTerraform(value: unknown): Listed['is'] {
  return ({ cloudFormation, terraform }) => cloudFormation === undefined && terraform === value;
}

export const LISTED: readonly Listed[] = [
  {
    reason: 'Terraform uploads the archive that lies beside its configuration; CloudFormation takes it from the bucket that the CDK uploads it to',
    path: /^function \w+\.codeFrom$/,
    is: ({ cloudFormation, terraform }) => /^cdk-hnb659fds-assets-/.test(String(cloudFormation))
      && /^(assets\/\w+\/\w{64}\/archive\.zip) <hash of \1>$/.test(String(terraform)),
  },
  {
    reason: 'a version is no resource in Terraform: it is published with its function, and stays as long as that one',
    path: /^version \w+$/,
    is: onlyInCloudFormation,
  },
  {
    reason: 'text is CloudFormation\'s default, and Terraform wants to be told',
    path: /^function \w+\.logFormat$/,
    is: onlyInTerraform('Text'),
  },
  {
    reason: '1 MiB is CloudFormation\'s default, and not Terraform\'s',
    path: /^queue \w+\.maxMessageSize$/,
    is: onlyInTerraform(1024 * 1024),
  },
  {
    reason: 'where nothing else is said, Terraform encrypts a table with the key that AWS manages: KMS is the only type',
    path: /^table \w+\.encryptedBy$/,
    is: ({ cloudFormation, terraform }) => cloudFormation === 'KMS' && terraform === undefined,
  },
  {
    reason: 'a global table lists its own region as a replica; Terraform\'s lies in the region of the provider',
    path: /^table \w+\.replicas$/,
    is: ({ cloudFormation, terraform }) => (cloudFormation as unknown[]).length === 1 && terraform === undefined,
  },
  {
    reason: 'Terraform makes a permission for each version anew: the next one is there before the last one goes',
    path: /^(?:permission|asynchronous calls) \w+\.madeFirst$/,
    is: onlyInTerraform(true),
  },
  {
    reason: 'so that a target is told of a version that it may call',
    path: /^rule \w+\.targets\.\w+\.waitsFor$/,
    is: ({ cloudFormation, terraform }) => cloudFormation === undefined && (terraform as string[]).every((address) => /^aws_lambda_permission\.\w+$/.test(address)),
  },
  {
    reason: 'a bucket is several resources in Terraform, and S3 refuses some of them at once',
    path: /^(?:bucket \w+\.lifecycleDependsOn|resource policy \w+BucketPolicy\w+\.dependsOn)$/,
    is: ({ cloudFormation }) => cloudFormation === undefined,
  },
];

const HELPER = /CustomS3AutoDeleteObjectsCustomResourceProvider/;

interface Statement {
  readonly Principal: { readonly AWS: string | string[] };
}

/** Of a statement about several others too, what is said of them. */
function withoutHelper(statement: Statement): Statement[] {
  const principals = [statement.Principal.AWS].flat();
  const others = principals.filter((principal) => !HELPER.test(principal));
  if (others.length === principals.length) return [statement];
  return others.length === 0 ? [] : [{ ...statement, Principal: { AWS: others } }];
}

export const LISTED_WHERE_DESTROYED: readonly Listed[] = [
  ...LISTED,
  {
    reason: 'Terraform empties a bucket itself; CloudFormation has it done by a function',
    path: /^bucket \w+\.emptied$/,
    is: onlyInTerraform(true),
  },
  {
    reason: 'the resource that calls this function',
    path: /^emptying \w+$/,
    is: onlyInCloudFormation,
  },
  {
    reason: 'this function, its role and its log group',
    path: new RegExp(`^(?:function|role|log group) ${HELPER.source}\\w+$`),
    is: onlyInCloudFormation,
  },
  {
    reason: 'the tag by which this function knows the buckets that it may empty',
    path: /^bucket \w+\.tags\.aws-cdk:auto-delete-objects$/,
    is: onlyInCloudFormation,
  },
  {
    reason: 'what the bucket\'s policy says of this function',
    path: /^resource policy \w+BucketPolicy\w+\.policy\.Statement$/,
    is: ({ cloudFormation, terraform }) => JSON.stringify(terraform) === JSON.stringify((cloudFormation as Statement[]).flatMap(withoutHelper)),
  },
];

export interface Unexpected {
  readonly unlisted: Difference[];
  /** The reasons of what is listed for nothing. */
  readonly doNotOccur: string[];
}

export function unexpected(found: readonly Difference[], listed: readonly Listed[]): Unexpected {
  const occurs = ({ path, is }: Listed, difference: Difference) => path.test(difference.path) && is(difference);
  return {
    unlisted: found.filter((difference) => !listed.some((one) => occurs(one, difference))),
    doNotOccur: listed.filter((one) => !found.some((difference) => occurs(one, difference))).map(({ reason }) => reason),
  };
}
