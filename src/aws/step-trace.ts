/**
 * What X-Ray shows of a step: a subsegment for it and one for each of its AWS calls, below the segment that Lambda's
 * active tracing makes. A subsegment is a JSON document, sent as a datagram to the daemon that runs beside the
 * function. The X-Ray SDK does the same, but it is 120 KB: loading it would take a third of a handler's load time.
 */
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:dgram';

/**
 * Environment variables that Lambda sets; the trace header changes with each invocation. Nothing is sent when there is
 * no daemon, or when the trace is not sampled.
 */
export interface TraceEnvironment {
  readonly AWS_XRAY_DAEMON_ADDRESS?: string;
  readonly _X_AMZN_TRACE_ID?: string;
}

/** The part of an AWS SDK client that a trace needs. */
export interface TraceableClient {
  readonly config: { readonly region: () => Promise<string> };
  readonly middlewareStack: {
    add(middleware: (next: AwsCall, context: AwsCallContext) => AwsCall, options: { readonly step: 'initialize'; readonly name: string }): void;
  };
}

// Nothing here looks at the arguments of a call, so their type does not matter.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type AwsCall = (args: any) => Promise<any>;

interface AwsCallContext {
  readonly clientName?: string;
  readonly commandName?: string;
}

interface AwsMetadata {
  readonly requestId?: string;
  readonly attempts?: number;
  readonly httpStatusCode?: number;
}

interface Subsegment {
  readonly name: string;
  readonly id: string;
  /** Seconds since 1970. */
  readonly start_time: number;
  readonly [detail: string]: unknown;
}

const DATAGRAM_HEADER = '{"format":"json","version":1}\n';
/** The daemon drops larger datagrams. */
const MAX_DATAGRAM_BYTES = 64_000;

export class StepTrace {
  private current: RunningStep | undefined;
  private isColdStart = true;

  constructor(private readonly env: TraceEnvironment) {}

  /**
   * Runs the step in a subsegment `## step`, which says whether it was a cold start, and why the step failed if it did.
   */
  async step<T>(step: string, run: () => Promise<T>): Promise<T> {
    const annotations = { ColdStart: this.isColdStart };
    this.isColdStart = false;
    const running = RunningStep.start(this.env);
    this.current = running;
    const subsegment = begin(`## ${step}`, running?.id);
    try {
      const result = await run();
      running?.send({ ...subsegment, annotations });
      return result;
    } catch (error) {
      running?.send({ ...subsegment, annotations, fault: true, cause: causeOf(error) });
      throw error;
    } finally {
      this.current = undefined;
      await running?.end();
    }
  }

  /** Adds a subsegment to the running step for every call that the client makes from now on. */
  traced<Client extends TraceableClient>(client: Client): Client {
    client.middlewareStack.add((next, context) => async (args) => {
      const running = this.current;
      if (running === undefined) return next(args) as unknown;
      const operation = context.commandName?.replace(/Command$/, '');
      const subsegment = begin(context.clientName?.replace(/Client$/, '') ?? 'AWS');
      const region = await client.config.region();
      const finish = (metadata: AwsMetadata | undefined, failure: object) => running.sendCall({
        ...subsegment,
        namespace: 'aws',
        aws: { operation, region, request_id: metadata?.requestId, retries: Math.max((metadata?.attempts ?? 1) - 1, 0) },
        http: { response: { status: metadata?.httpStatusCode } },
        ...failure,
      });
      try {
        const result = await next(args) as { readonly output: { readonly $metadata: AwsMetadata } };
        finish(result.output.$metadata, {});
        return result;
      } catch (error) {
        const { $metadata } = error as { readonly $metadata?: AwsMetadata };
        finish($metadata, { ...blameOf($metadata?.httpStatusCode), cause: causeOf(error) });
        throw error;
      }
    }, { step: 'initialize', name: 'traceCall' });
    return client;
  }
}

interface Daemon {
  readonly host: string;
  readonly port: number;
}

/** A step whose trace is sampled. */
class RunningStep {
  static start({ AWS_XRAY_DAEMON_ADDRESS: address = '', _X_AMZN_TRACE_ID: header = '' }: TraceEnvironment): RunningStep | undefined {
    const daemon = /^(.+):(\d+)$/.exec(address);
    const root = /Root=([^;]+)/.exec(header);
    const parent = /Parent=([^;]+)/.exec(header);
    if (daemon === null || root === null || parent === null || !header.includes('Sampled=1')) return undefined;
    // Loaded here: most steps are not sampled, and need no socket.
    const { createSocket } = process.getBuiltinModule('node:dgram');
    return new RunningStep(createSocket('udp4').unref(), { host: daemon[1], port: Number(daemon[2]) }, root[1], parent[1]);
  }

  /** The id of the step's subsegment. */
  readonly id = newId();
  private lastSend: Promise<void> = Promise.resolve();
  private hasEnded = false;

  private constructor(private readonly socket: Socket, private readonly daemon: Daemon, private readonly traceId: string,
    private readonly parentId: string) {
    // A step does not fail because its trace could not be sent.
    this.socket.on('error', () => undefined);
  }

  send(subsegment: Subsegment): void {
    this.sendBelow(this.parentId, subsegment);
  }

  sendCall(subsegment: Subsegment): void {
    this.sendBelow(this.id, subsegment);
  }

  /** Waits until everything has been sent: Lambda may freeze the process as soon as the step has ended. */
  async end(): Promise<void> {
    this.hasEnded = true;
    await this.lastSend;
    this.socket.close();
  }

  private sendBelow(parentId: string, subsegment: Subsegment): void {
    // A call that outlived its step: nobody may hold its promise, in which a closed socket would throw.
    if (this.hasEnded) return;
    const document = { ...subsegment, type: 'subsegment', trace_id: this.traceId, parent_id: parentId, end_time: Date.now() / 1000 };
    const datagram = Buffer.from(DATAGRAM_HEADER + JSON.stringify(document));
    if (datagram.length > MAX_DATAGRAM_BYTES) return;
    // The socket sends datagrams in order, so the last one is also the last to leave.
    this.lastSend = new Promise((resolve) => { this.socket.send(datagram, this.daemon.port, this.daemon.host, () => resolve()); });
  }
}

function begin(name: string, id = newId()): Subsegment {
  return { name, id, start_time: Date.now() / 1000 };
}

function newId(): string {
  return randomBytes(8).toString('hex');
}

/** In X-Ray's terms: `error` is the caller's mistake, `fault` the service's. */
function blameOf(status: number | undefined): object {
  if (status === 429) return { error: true, throttle: true };
  return status !== undefined && status < 500 ? { error: true } : { fault: true };
}

function causeOf(error: unknown): object {
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  return { exceptions: [{ id: newId(), type: name, message }] };
}
