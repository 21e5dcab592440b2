import { execFile } from 'node:child_process';
import * as path from 'node:path';
import { Deployment } from './global-setup';

const BIN = path.join(__dirname, '..', '..', 'bin', 'csv-chunk-pipeline');

export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command as an operator runs it, with nothing but the environment. */
export async function runCommand(...args: string[]): Promise<Outcome> {
  const { clientConfig: { endpoint, region, credentials } } = JSON.parse(process.env.E2E_DEPLOYMENT!) as Deployment;
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [BIN, ...args], { env, timeout: 100_000 }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}
