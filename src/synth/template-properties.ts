import { CfnResource, Stack } from 'aws-cdk-lib';

/** The properties of a resource as its template will have them, overrides too. */
export function templateProperties(resource: CfnResource): any {
  const { Resources } = Stack.of(resource).resolve((resource as unknown as { _toCloudFormation(): object })._toCloudFormation());
  return (Object.values(Resources)[0] as { readonly Properties?: object }).Properties ?? {};
}
