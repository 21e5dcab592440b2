import { ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { STUB_ADDRESS, writeStubFile } from './provider';
import { Configuration } from './terraform-json';

const COMMAND_TIMEOUT_MS = 60_000;

export interface CommandResult {
  readonly status: number | null;
  /** Both streams, in the order in which they came. */
  readonly output: string;
}

/**
 * A copy of a synthesized stack in a directory of its own. What was synthesized stays as it is: a file beside it
 * names the stub as the source of the provider `aws`.
 */
export class Workspace {
  readonly directory = fs.mkdtempSync(path.join(os.tmpdir(), 'terraform-workspace-'));
  private readonly cliConfig = path.join(this.directory, 'cli.tfrc');
  private readonly stubFile = path.join(this.directory, 'stub-provider.json');

  /**
   * @param stack the directory of the stack's `cdk.tf.json` and assets
   * @param mirror from which the stub is installed
   */
  constructor(stack: string, mirror: string) {
    fs.cpSync(stack, this.directory, { recursive: true });
    // No other way of installation: a provider that is not in the mirror is an error, and nothing is downloaded.
    fs.writeFileSync(this.cliConfig, `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`);
    const configuration = this.read();
    writeStubFile(this.stubFile, configuration);
    const { version } = configuration.terraform.required_providers.aws;
    this.override('provider', { terraform: { required_providers: { aws: { source: STUB_ADDRESS, version } } } });
  }

  /** A file whose settings Terraform puts in place of those of `cdk.tf.json`. */
  override(name: string, settings: object): void {
    fs.writeFileSync(path.join(this.directory, `${name}_override.tf.json`), JSON.stringify(settings, null, 2));
  }

  read(): Configuration {
    return JSON.parse(fs.readFileSync(this.configurationFile, 'utf8')) as Configuration;
  }

  write(configuration: Configuration): void {
    fs.writeFileSync(this.configurationFile, JSON.stringify(configuration, null, 2));
  }

  /** Runs a command of Terraform; its failure is a result. */
  async terraform(...args: string[]): Promise<CommandResult> {
    return ended(this.start(...args));
  }

  /** Runs a command of Terraform that must succeed. */
  async succeed(...args: string[]): Promise<string> {
    const { status, output } = await this.terraform(...args);
    if (status !== 0) throw new Error(`terraform ${args.join(' ')} ended with ${status}:\n${output}`);
    return output;
  }

  /** Runs lines of a shell, as a page shows them. */
  async shell(lines: string): Promise<CommandResult> {
    return ended(spawn('sh', ['-ec', lines], { cwd: this.directory, env: this.env, stdio: 'pipe', timeout: COMMAND_TIMEOUT_MS }));
  }

  async json<T>(...args: string[]): Promise<T> {
    return JSON.parse(await this.succeed(...args)) as T;
  }

  /** A command that waits for what is written to it. */
  start(...args: string[]): ChildProcess {
    return spawn('terraform', args, { cwd: this.directory, env: this.env, stdio: 'pipe', timeout: COMMAND_TIMEOUT_MS });
  }

  remove(): void {
    fs.rmSync(this.directory, { recursive: true, force: true });
  }

  private get configurationFile(): string {
    return path.join(this.directory, 'cdk.tf.json');
  }

  /** Nothing of the user's own settings of Terraform and AWS is left in it. */
  private get env(): NodeJS.ProcessEnv {
    return {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(TF|AWS)_/.test(name))),
      TF_CLI_CONFIG_FILE: this.cliConfig,
      TF_CLI_ARGS: '-no-color',
      CHECKPOINT_DISABLE: '1',
      STUB_PROVIDER_FILE: this.stubFile,
      AWS_CONFIG_FILE: os.devNull,
      AWS_SHARED_CREDENTIALS_FILE: os.devNull,
      AWS_EC2_METADATA_DISABLED: 'true',
    };
  }
}

export async function ended(child: ChildProcess): Promise<CommandResult> {
  let output = '';
  for (const stream of [child.stdout!, child.stderr!]) stream.setEncoding('utf8').on('data', (text: string) => output += text);
  const status = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  return { status, output };
}
