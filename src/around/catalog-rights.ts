import { Arn, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';

export interface CatalogTableNames {
  readonly databaseName: string;
  readonly tableName: string;
}

/** Glue asks for the right on all that leads to a table: the catalog, the database, the table. */
export function grantCatalog(
  scope: IConstruct, grantee: iam.IGrantable, { databaseName, tableName }: CatalogTableNames, ...actions: string[]
): iam.Grant {
  const arn = (resource: string, resourceName?: string) => Arn.format({ service: 'glue', resource, resourceName }, Stack.of(scope));
  return iam.Grant.addToPrincipal({
    grantee,
    actions,
    resourceArns: [arn('catalog'), arn('database', databaseName), arn('table', `${databaseName}/${tableName}`)],
  });
}
