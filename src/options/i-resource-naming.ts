/** A resource that is to be named, and what its name may be made of. */
export interface NamedResource {
  /**
   * What it is: `bucket`, `table`, `function`, `role`, `log-group`, `state-machine`, `queue`, `rule`; around the pipeline
   * also `topic`, `alarm`, `dashboard`, `database` and others.
   */
  readonly resourceType: string;

  /** What the pipeline has it for: `jobs`, `process-chunk`, `dead-letters` … With the type it is unique in a pipeline. */
  readonly part: string;

  /** The id of the pipeline's construct in kebab case: `bank-transactions`. */
  readonly pipelineName: string;

  /**
   * As the pipeline has it.
   *
   * @default - the pipeline has none
   */
  readonly environmentSuffix?: string;

  /** The account's number, or a token that stands for it. */
  readonly account: string;

  /** The region's name, or a token that stands for it. */
  readonly region: string;

  /** By the rule of the library: `{resource-type}-{purpose}-{suffix}`, without an `environmentSuffix` not the last part. */
  readonly defaultName: string;
}

/**
 * A company's own rule for the names of resources. Made in any language: in Python a class with
 * `@jsii.implements(IResourceNaming)`. The same resource must get the same name at each synth. The names are used as
 * they are, but that a log group of Step Functions gets `/aws/vendedlogs/states/` before its name, and a FIFO queue or
 * topic `.fifo` after it.
 *
 * @example
 * import { IResourceNaming, NamedResource } from 'cdk-csv-chunk-pipeline';
 *
 * class AcmeNaming implements IResourceNaming {
 *   public resourceName(resource: NamedResource): string | undefined {
 *     // Athena knows no hyphens, and a region has some.
 *     if (resource.resourceType === 'database') {
 *       return resource.defaultName;
 *     }
 *     // Bucket names are shared by the whole world, role names by all regions of an account.
 *     if (resource.resourceType === 'bucket') {
 *       return `acme-${resource.pipelineName}-${resource.part}-${resource.account}-${resource.region}`;
 *     }
 *     return `acme-${resource.pipelineName}-${resource.resourceType}-${resource.part}-${resource.region}`;
 *   }
 * }
 */
export interface IResourceNaming {
  /**
   * Called for each resource that has a name. Synth fails where the service does not take the name, or another resource
   * of that type in the app has it already. Of what a token stands for only account and region are checked. A `database`,
   * that of a `JobCatalog`, takes lower-case letters, digits and underscores alone, and no token.
   *
   * @returns undefined where CloudFormation is to generate the name
   */
  resourceName(resource: NamedResource): string | undefined;
}
