import { Aws, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/** The longest region names have this many characters. */
const LONGEST_REGION = 14;
const ACCOUNT_ID = 12;

/**
 * `{resource}-{purpose}-{suffix}`; without a suffix every method answers undefined, and CloudFormation generates a name.
 * The purpose begins with the pipeline's own id, so that one stack can hold several pipelines.
 */
export class ResourceNames {
  private readonly purpose: string;

  constructor(private readonly pipeline: Construct, private readonly suffix: string | undefined) {
    this.purpose = kebab(pipeline.node.id);
    if (suffix === undefined) return;
    if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(suffix)) {
      throw new Error(`environmentSuffix must be lower-case letters, digits and hyphens, got "${suffix}"`);
    }
    // The bucket's name has the least room of all.
    const room = 63 - 'bucket-'.length - ACCOUNT_ID - LONGEST_REGION - 3;
    const used = this.purpose.length + suffix.length;
    if (used > room) {
      throw new Error(`environmentSuffix and the pipeline's id must have at most ${room} characters together, got ${used} `
        + `("${suffix}", "${this.purpose}")`);
    }
  }

  /** Unique in an account and region. */
  regional(resource: string, part: string): string | undefined {
    return this.suffix === undefined ? undefined : `${resource}-${this.purpose}-${part}-${this.suffix}`;
  }

  /** Role names are shared by all regions of an account. */
  role(part: string): string | undefined {
    return this.suffix === undefined ? undefined : `role-${this.purpose}-${part}-${this.region}-${this.suffix}`;
  }

  /** Bucket names are shared by the whole world. */
  bucket(): string | undefined {
    return this.suffix === undefined ? undefined : `bucket-${this.purpose}-${Stack.of(this.pipeline).account}-${this.region}-${this.suffix}`;
  }

  private get region(): string {
    const region = Stack.of(this.pipeline).region;
    return Token.isUnresolved(region) ? Aws.REGION : region;
  }
}

/** `MyPipeline` -> `my-pipeline`. */
function kebab(id: string): string {
  return id.replace(/([a-z0-9])([A-Z])/g, '$1-$2').replace(/[^A-Za-z0-9]+/g, '-').toLowerCase();
}
