/** What CloudWatch of the emulator holds. */
import { waitFor } from '../../emulator/job-watch';
import { Deployment } from '../e2e/global-setup';

const { clientConfig: { endpoint } } = JSON.parse(process.env.E2E_DEPLOYMENT!) as Deployment;

/** For services whose clients nothing else needs. */
async function call(service: string, headers: Record<string, string>, body: string): Promise<string> {
  const authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
  const answer = await fetch(endpoint, { method: 'POST', headers: { authorization, ...headers }, body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${service} answered ${answer.status}: ${text}`);
  return text;
}

export async function monitoring(action: string, parameters: Record<string, string> = {}): Promise<string> {
  const body = new URLSearchParams({ Action: action, Version: '2010-08-01', ...parameters }).toString();
  return call('monitoring', { 'content-type': 'application/x-www-form-urlencoded' }, body);
}

/** The metrics that a function has written since `since`, each with its dimensions: the emulator keeps logs, and measures nothing. */
async function written(logGroupName: string, since: number): Promise<Array<Record<string, unknown>>> {
  const headers = { 'x-amz-target': 'Logs_20140328.FilterLogEvents', 'content-type': 'application/x-amz-json-1.1' };
  const { events } = JSON.parse(await call('logs', headers, JSON.stringify({ logGroupName, startTime: since }))) as {
    readonly events: ReadonlyArray<{ readonly message: string }>;
  };
  return events.flatMap(({ message }) => message.split('\n')).filter((line) => line.includes('"CloudWatchMetrics"'))
    .map((line) => JSON.parse(line.slice(line.indexOf('{'))) as Record<string, unknown>)
    .map(({ _aws: _, ...metrics }) => metrics);
}

/** The same, as soon as there is this metric. */
export async function metricsIn(logGroupName: string, metric: string, since: number): Promise<Array<Record<string, unknown>>> {
  return waitFor(`${metric} in ${logGroupName}`, async () => {
    const found = await written(logGroupName, since);
    return found.some((line) => metric in line) ? found : undefined;
  }, 20_000);
}
