/** A REST API of the emulator, called over HTTP as IAM demands it. */
import { createHash, createHmac, Hash, Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { Deployment } from '../e2e/global-setup';
import { checkAnswer } from '../services/job-api/open-api';

export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Headers;
  readonly body: any;
}

/** SHA-256 as the signer asks for it. */
class Sha256 {
  private readonly digester: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.digester = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.digester.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.digester.digest();
  }

  reset(): void {}
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data);
}

export class SignedApi {
  private readonly signer: SignatureV4;

  constructor(private readonly deployment: Deployment, private readonly apiId: string, private readonly stage: string) {
    const { region, credentials } = deployment.clientConfig;
    this.signer = new SignatureV4({ service: 'execute-api', region, credentials, sha256: Sha256 });
  }

  /** @param route of the OpenAPI document, to which the answer is held */
  async call(method: string, route: string, parameters: Readonly<Record<string, string>> = {},
    sent: { query?: Record<string, string>; body?: unknown; headers?: Record<string, string> } = {}): Promise<HttpAnswer> {
    const path = route.replace(/{(\w+)}/g, (_, name: string) => parameters[name]);
    const answer = await this.send(method, path, sent);
    expect(checkAnswer(method, route, answer.statusCode, answer.body).faults).toEqual([]);
    return answer;
  }

  async send(method: string, path: string, { query = {}, body, headers = {}, isSigned = true }: {
    query?: Record<string, string>; body?: unknown; headers?: Record<string, string>; isSigned?: boolean;
  } = {}): Promise<HttpAnswer> {
    const host = `127.0.0.1:${this.deployment.port}`;
    const request = {
      // The emulator's address of an API, for clients that cannot choose the host that they name.
      method,
      protocol: 'http:',
      hostname: '127.0.0.1',
      port: this.deployment.port,
      path: `/_aws/execute-api/${this.apiId}/${this.stage}${path}`,
      query,
      headers: { host, 'content-type': 'application/json', ...headers },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    };
    const signed = isSigned ? await this.signer.sign(request) : request;
    const search = new URLSearchParams(query).toString();
    const response = await fetch(`http://${host}${request.path}${search === '' ? '' : `?${search}`}`, {
      method, headers: signed.headers, body: request.body, redirect: 'manual',
    });
    return { statusCode: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
  }
}
