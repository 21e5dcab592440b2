import { Aws, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Naming } from '../synth/bundled-function';
import { kebab } from '../synth/kebab';

/** `us-isof-south-1` */
const LONGEST_REGION = 15;
const ACCOUNT_ID = 12;

/** The pipeline that has taken a name, in each stack. */
const TAKEN = new WeakMap<Stack, Map<string, Construct>>();

/**
 * `{resource}-{purpose}-{suffix}`; without a suffix every method answers undefined, and CloudFormation generates a
 * name. The purpose begins with the pipeline's own id, so that one stack can hold several pipelines.
 */
export class ResourceNames implements Naming {
  private readonly purpose: string;

  constructor(private readonly pipeline: Construct, private readonly suffix: string | undefined) {
    this.purpose = kebab(pipeline.node.id);
    if (suffix === undefined) return;
    if (this.purpose === '') {
      throw new Error(`the pipeline's id must hold a letter A-Z or a digit, because names are made of it, got "${pipeline.node.id}"`);
    }
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
    this.take(`${this.purpose}-${suffix}`);
  }

  /** Two ids may be one purpose: `MyPipeline` and `my-pipeline`, or the same id in two scopes of the stack. */
  private take(name: string): void {
    const stack = Stack.of(this.pipeline);
    const taken = TAKEN.get(stack) ?? new Map<string, Construct>();
    const other = taken.get(name);
    if (other !== undefined) {
      throw new Error(`the ids of two pipelines with one environmentSuffix in one stack must differ in letters or digits, got "${this.pipeline.node.path}" `
        + `and "${other.node.path}" (both make names like table-${this.purpose}-…)`);
    }
    TAKEN.set(stack, taken.set(name, this.pipeline));
  }

  /** Of any resource but the bucket. */
  resourceName(resourceType: string, part: string): string | undefined {
    return resourceType === 'role' ? this.role(part) : this.regional(resourceType, part);
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
