/**
 * AWS on this machine: ministack, a program from PyPI that speaks the APIs of S3, Lambda, Step Functions, DynamoDB,
 * EventBridge and CloudFormation well enough to deploy the real template and run the real bundles.
 */
import { ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { adaptTemplates } from './adapted-templates';
import { onExit, runToEnd, startGroup, stopGroup } from './child-process';
import { ROOT, UserError } from './prerequisites';
import { ensureVenv, LOCAL_DIR } from './venv';

/** boto3 is pinned beside it: without it, or with another version, a deploy hangs on its custom resources. */
export const EMULATOR_REQUIREMENTS = ['ministack==1.5.33', 'boto3==1.43.106'];

export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };

const START_TIMEOUT_MS = 30_000;
const BOOTSTRAP_TIMEOUT_MS = 60_000;
const SYNTH_TIMEOUT_MS = 180_000;
const DEPLOY_TIMEOUT_MS = 180_000;
const HOST = '127.0.0.1';

export interface EmulatorOptions {
  /** @default - a free port */
  readonly port?: number;
  readonly log?: (line: string) => void;
  /**
   * Whether each function has its own role's rights on S3 and DynamoDB, and no others.
   *
   * @default - everything is allowed
   */
  readonly enforcesRights?: boolean;
  /**
   * How many functions run at a time, each in a process; all further calls are throttled.
   *
   * @default - as many as the memory holds
   */
  readonly concurrency?: number;
}

export interface DeployOptions {
  /** The CDK app, a TypeScript file. */
  readonly app: string;
  /** CDK context for the app. */
  readonly context?: Record<string, string>;
  /** Further environment variables for the app. */
  readonly env?: Record<string, string>;
}

/** Outputs by stack and output name. */
export type StackOutputs = Record<string, Record<string, string>>;

/** An emulator that runs, whoever has started it. */
export class EmulatedAccount {
  readonly endpoint: string;

  /** @param directory in which the emulator runs: it holds what it and its functions write */
  constructor(readonly port: number, readonly directory: string) {
    this.endpoint = `http://${HOST}:${port}`;
  }

  /** For the clients of the AWS SDK. */
  get clientConfig() {
    return { endpoint: this.endpoint, region: REGION, credentials: CREDENTIALS };
  }

  /** For programs that talk to the emulator. Nothing of the user's own AWS settings is left in it. */
  get env(): NodeJS.ProcessEnv {
    return {
      ...withoutAws(process.env),
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_ENDPOINT_URL_S3: this.endpoint,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      AWS_REGION: REGION,
      AWS_CONFIG_FILE: os.devNull,
      AWS_SHARED_CREDENTIALS_FILE: os.devNull,
      AWS_EC2_METADATA_DISABLED: 'true',
      TMPDIR: this.directory,
      CDK_HOME: path.join(LOCAL_DIR, 'cdk-home'),
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      CI: 'true',
    };
  }

  /** Makes the bucket and the roles that the CDK deploys with. */
  async bootstrap(): Promise<void> {
    // From an empty directory: the CLI would synthesize an app that it finds.
    const cwd = fs.mkdtempSync(path.join(this.directory, 'bootstrap-'));
    await this.cdk(['bootstrap', `aws://${ACCOUNT}/${REGION}`], { cwd, timeoutMs: BOOTSTRAP_TIMEOUT_MS, what: 'Bootstrapping the emulator' });
  }

  /** Synthesizes the app into a directory of its own and deploys it. */
  async deploy(options: DeployOptions): Promise<StackOutputs> {
    const directory = fs.mkdtempSync(path.join(this.directory, 'deploy-'));
    const outputsFile = path.join(directory, 'outputs.json');
    const context = Object.entries(options.context ?? {}).flatMap(([key, value]) => ['--context', `${key}=${value}`]);
    const assembly = path.join(directory, 'cdk.out');
    await this.cdk(['synth', '--all', '--quiet', '--app', `node --import tsx ${path.relative(ROOT, options.app)}`, '--output', assembly, ...context],
      { cwd: ROOT, env: options.env, timeoutMs: SYNTH_TIMEOUT_MS, what: 'Synthesizing for the emulator' });
    adaptTemplates(assembly);
    await this.cdk([
      'deploy', '--all', '--concurrency', '8', '--app', assembly,
      '--method', 'direct', '--require-approval', 'never', '--outputs-file', outputsFile,
    ], { cwd: ROOT, env: options.env, timeoutMs: DEPLOY_TIMEOUT_MS, what: 'Deploying to the emulator' });
    return JSON.parse(fs.readFileSync(outputsFile, 'utf8')) as StackOutputs;
  }

  private async cdk(args: string[], options: { cwd: string; env?: Record<string, string>; timeoutMs: number; what: string }): Promise<void> {
    const cli = path.join(ROOT, 'node_modules/aws-cdk/bin/cdk');
    await runToEnd(process.execPath, [cli, ...args, '--no-notices', '--no-color', '--progress', 'events'], {
      ...options,
      env: { ...this.env, ...options.env },
    });
  }
}

/** An emulator that this process has started. */
export class Emulator extends EmulatedAccount {
  /** Starts an emulator on a port of its own; it ends with `stop()`, or with this process, however that ends. */
  static async start(options: EmulatorOptions = {}): Promise<Emulator> {
    const bin = ensureVenv('emulator', EMULATOR_REQUIREMENTS, options.log);
    const port = options.port ?? await freePort();
    if (!await isFree(port)) throw new UserError(`Port ${port} is in use: free it, or name another one with --port.`);

    fs.mkdirSync(LOCAL_DIR, { recursive: true });
    const directory = fs.mkdtempSync(path.join(LOCAL_DIR, 'run-'));
    onExit(() => fs.rmSync(directory, { recursive: true, force: true }));
    const logFile = path.join(directory, 'emulator.log');
    const process_ = startGroup(path.join(bin, 'ministack'), [], {
      cwd: directory,
      env: {
        ...withoutAws(process.env),
        BIND_HOST: HOST,
        GATEWAY_PORT: String(port),
        IOT_MTLS_ENABLED: '0',
        // Custom resources of CDK take the AWS SDK from here.
        NODE_PATH: path.join(ROOT, 'node_modules'),
        PYTHONUNBUFFERED: '1',
        TMPDIR: directory,
        ...options.enforcesRights === true ? { AUTH: 'true' } : {},
        ...options.concurrency !== undefined ? { LAMBDA_ACCOUNT_CONCURRENCY: String(options.concurrency) } : {},
      },
      onLine: (line) => fs.appendFileSync(logFile, line + '\n'),
    });
    const emulator = new Emulator(process_, port, directory);
    await emulator.waitUntilHealthy(logFile);
    return emulator;
  }

  private constructor(private readonly process: ChildProcess, port: number, directory: string) {
    super(port, directory);
  }

  async stop(): Promise<void> {
    await stopGroup(this.process);
    fs.rmSync(this.directory, { recursive: true, force: true });
  }

  private async waitUntilHealthy(logFile: string): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (Date.now() < deadline && this.process.exitCode === null) {
      const answer = await fetch(`${this.endpoint}/_ministack/health`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const log = fs.existsSync(logFile) ? fs.readFileSync(logFile, 'utf8').split('\n').slice(-20).join('\n') : '';
    await this.stop();
    throw new UserError(`The AWS emulator did not answer on port ${this.port} within ${START_TIMEOUT_MS / 1000} s. Its last lines were:\n${log}`);
  }
}

function withoutAws(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('AWS_')));
}

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, HOST, resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function isFree(port: number): Promise<boolean> {
  const server = net.createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false)).listen(port, HOST, () => server.close(() => resolve(true)));
  });
}
