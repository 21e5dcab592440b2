import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { JobMessage } from '../contract/job-message';
import { EVENT_SOURCE, JOB_FAILED_EVENT, JOB_SUCCEEDED_EVENT } from '../contract/payloads';
import { Events } from '../ports/observers';

export class EventBridgeEvents implements Events {
  constructor(private readonly eventBridge: EventBridgeClient, private readonly busName: string) {}

  async announce(detail: JobMessage): Promise<void> {
    const { FailedEntryCount, Entries } = await this.eventBridge.send(new PutEventsCommand({
      Entries: [{
        EventBusName: this.busName,
        Source: EVENT_SOURCE,
        DetailType: detail.status === 'SUCCEEDED' ? JOB_SUCCEEDED_EVENT : JOB_FAILED_EVENT,
        Resources: [detail.pipelineId],
        Detail: JSON.stringify(detail),
      }],
    }));
    // The call succeeds even when the bus refuses the entry.
    if (FailedEntryCount) throw new Error(`expected the bus ${this.busName} to take the event, got ${Entries?.[0]?.ErrorCode}: ${Entries?.[0]?.ErrorMessage}`);
  }
}
