import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { StackResource, Stacks } from '../ports/operations';

export class CloudFormationStacks implements Stacks {
  constructor(private readonly cloudFormation: CloudFormationClient) {}

  async resources(stack: string): Promise<StackResource[] | undefined> {
    const resources: StackResource[] = [];
    try {
      for await (const page of paginateListStackResources({ client: this.cloudFormation }, { StackName: stack })) {
        resources.push(...(page.StackResourceSummaries ?? []).map(({ LogicalResourceId = '', ResourceType = '', PhysicalResourceId = '' }) => (
          { logicalId: LogicalResourceId, type: ResourceType, physicalId: PhysicalResourceId }
        )));
      }
    } catch (error) {
      // A ValidationError, as a name that cannot be one is too.
      if ((error as Error).name === 'ValidationError' && /does not exist/.test((error as Error).message)) return undefined;
      throw error;
    }
    return resources;
  }
}
