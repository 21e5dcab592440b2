import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

interface Claim {
  /** Its name, or the reference to it, which is the same for all that are given the same database. */
  readonly database: string;
  readonly makesDatabase: boolean;
  readonly table: string;
}

/** What the catalogs of an app claim, by the catalog. */
const CLAIMS = new WeakMap<IConstruct, Map<IConstruct, Claim>>();

/**
 * Holds that no other catalog of the app makes the same database, or a table of the same name in it. Stacks whose account
 * and region are left open are taken to be deployed to the same ones.
 *
 * @throws Error that names the prop and the other catalog
 */
export function claimTable(catalog: IConstruct, claim: Claim): void {
  const claims = CLAIMS.get(catalog.node.root) ?? new Map<IConstruct, Claim>();
  for (const [other, theirs] of claims) {
    if (theirs.database !== claim.database || Stack.of(other).environment !== Stack.of(catalog).environment) continue;
    if (claim.makesDatabase && theirs.makesDatabase) {
      throw new Error(`databaseName must be another one than that of the JobCatalog at "${other.node.path}", got "${claim.database}" for both: `
        + 'to have both tables in one database, give it to both as database');
    }
    if (theirs.table === claim.table) {
      throw new Error(`tableName must be another one than that of the JobCatalog at "${other.node.path}", which is in the same database, got "${claim.table}"`);
    }
  }
  CLAIMS.set(catalog.node.root, claims.set(catalog, claim));
}
