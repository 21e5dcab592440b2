import { Aws, Stack, Token } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';
import { checkName } from './name-limits';
import { IResourceNaming } from '../options/i-resource-naming';
import { visibleJson } from '../spec/visible-text';
import { Naming } from '../synth/bundled-function';
import { kebab } from '../synth/kebab';
import { claimName } from '../synth/taken-names';

/** `us-isof-south-1` */
const LONGEST_REGION = 15;
const ACCOUNT_ID = 12;

/** Files land in `data`; `output` is the second bucket, where there is one. */
export type BucketPart = 'data' | 'output';

/** Of an account, or of the whole world: a region of a pipeline with two must not take the other one's name. */
const SHARED_BY_REGIONS = ['role', 'bucket'];

/**
 * `{resource}-{purpose}-{suffix}`, or what a rule of the user's own makes of it; with neither suffix nor rule every method
 * answers undefined, and CloudFormation generates a name. The purpose begins with the pipeline's own id, so that one
 * stack can hold several pipelines.
 */
export class ResourceNames implements Naming {
  private readonly purpose: string;

  /** @param otherRegion that of a pipeline with a standby, or of the standby's primary */
  constructor(
    private readonly pipeline: Construct,
    private readonly suffix: string | undefined,
    private readonly rule?: IResourceNaming,
    private readonly otherRegion?: string,
  ) {
    this.purpose = kebab(pipeline.node.id);
    if (suffix === undefined && rule === undefined) return;
    if (this.purpose === '') {
      throw new Error(`the pipeline's id must hold a letter A-Z or a digit, because names are made of it, got ${visibleJson(pipeline.node.id)}`);
    }
    if (suffix !== undefined && !/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(suffix)) {
      throw new Error(`environmentSuffix must be lower-case letters, digits and hyphens, got ${visibleJson(suffix)}`);
    }
    if (suffix !== undefined && rule === undefined) this.checkRoom(suffix);
  }

  private checkRoom(suffix: string): void {
    // The bucket's name has the least room of all.
    const room = 63 - 'bucket-'.length - ACCOUNT_ID - LONGEST_REGION - 3;
    const used = this.purpose.length + suffix.length;
    if (used > room) {
      throw new Error(`environmentSuffix and the pipeline's id must have at most ${room} characters together, got ${used} `
        + `(${visibleJson(suffix)}, ${visibleJson(this.purpose)})`);
    }
  }

  /**
   * Of any resource but the buckets.
   *
   * @param maker of the resource, where it is not the pipeline itself
   * @throws Error when something else of the app has the name already
   */
  resourceName(resourceType: string, part: string, maker: IConstruct = this.pipeline): string | undefined {
    // Role names are shared by all regions of an account.
    const name = this.name(resourceType, part, (region) => [this.purpose, part, ...resourceType === 'role' ? [region] : []]);
    return this.claim(resourceType, part, name, maker);
  }

  /** Unique in an account and region. */
  regional(resource: string, part: string): string | undefined {
    return this.resourceName(resource, part);
  }

  role(part: string): string | undefined {
    return this.resourceName('role', part);
  }

  /** Bucket names are shared by the whole world, and have little room: only the second one is told what it is for. */
  bucket(part: BucketPart): string | undefined {
    return this.claim('bucket', part, this.bucketIn(this.region, part), this.pipeline);
  }

  /** That of the same pipeline in another region of the account, which makes it. */
  bucketIn(region: string, part: BucketPart): string | undefined {
    return this.name('bucket', part, (there) => [this.purpose, ...part === 'data' ? [] : [part], this.account, there], region);
  }

  /** That of the same pipeline in another region of the account, which makes it. */
  regionalIn(region: string, resource: string, part: string): string | undefined {
    return this.name(resource, part, () => [this.purpose, part], region);
  }

  private claim(resourceType: string, part: string, name: string | undefined, maker: IConstruct): string | undefined {
    if (name !== undefined) claimName({ resourceType, part, name, pipeline: this.pipeline, maker });
    return name;
  }

  private name(resourceType: string, part: string, purposeIn: (region: string) => readonly string[], region = this.region): string | undefined {
    const name = this.nameIn(region, resourceType, part, purposeIn);
    const { otherRegion } = this;
    if (name === undefined || otherRegion === undefined || region === otherRegion || !SHARED_BY_REGIONS.includes(resourceType)) return name;
    if (this.nameIn(otherRegion, resourceType, part, purposeIn) === name) {
      throw new Error(`resourceNaming must name the ${resourceType} ${visibleJson(part)} otherwise in ${otherRegion} than in ${region}, because ${resourceType} names are shared by `
        + `all regions, got ${visibleJson(name)} for both`);
    }
    return name;
  }

  private nameIn(region: string, resourceType: string, part: string, purposeIn: (region: string) => readonly string[]): string | undefined {
    if (this.suffix === undefined && this.rule === undefined) return undefined;
    const { account } = this;
    const words = [resourceType, ...purposeIn(region), ...this.suffix === undefined ? [] : [this.suffix]].join('-');
    // Athena knows no hyphens.
    const defaultName = resourceType === 'database' ? words.replaceAll('-', '_') : words;
    const name = this.rule === undefined ? defaultName : this.rule.resourceName({
      resourceType, part, pipelineName: this.purpose, environmentSuffix: this.suffix, account, region, defaultName,
    });
    // jsii hands on a `None` of Python as null.
    if (name === undefined || name === null) return undefined;
    checkName(resourceType, `${resourceType} ${visibleJson(part)} of ${this.pipeline.node.path}`, name, { account, region });
    return name;
  }

  private get account(): string {
    const { account } = Stack.of(this.pipeline);
    return Token.isUnresolved(account) ? Aws.ACCOUNT_ID : account;
  }

  private get region(): string {
    const { region } = Stack.of(this.pipeline);
    return Token.isUnresolved(region) ? Aws.REGION : region;
  }
}
