/**
 * A stand-in for the AWS provider, for tests alone: it lies in `.local/`, has an address of its own, and knows only
 * the resource types of the stack under test.
 */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { ANSWERS } from './answers';
import { AwsBindings, UsedTypes } from './schemas';
import { runToEnd } from '../../../emulator/child-process';
import { LOCAL_DIR } from '../../../emulator/venv';

export const STUB_ADDRESS = 'localhost/test/stub';

/** Where the configuration of the provider allows it no other one. */
export const STUB_ACCOUNT = '123456789012';

const DOWNLOAD_TIMEOUT_MS = 2 * 60_000;
/** The first build compiles gRPC; later ones take it from Go's build cache. */
const BUILD_TIMEOUT_MS = 4 * 60_000;

const BINDINGS = new AwsBindings(path.dirname(require.resolve('@cdktn/provider-aws/package.json')));

/** The stub has the version of the provider that the bindings stand for, so that the stack's own constraint decides whether it fits. */
export const STUB_VERSION = BINDINGS.providerVersion;

/** Why the stub cannot be tried on this machine; undefined where it can. */
export function obstacleToStubProvider(): string | undefined {
  const runs = (command: string, ...args: string[]) => spawnSync(command, args, { cwd: __dirname, timeout: DOWNLOAD_TIMEOUT_MS }).status === 0;
  if (!runs('go', 'version')) return 'Go, with which the stub provider is built, is not installed: see https://go.dev/dl.';
  if (!runs('terraform', '-help')) return 'Terraform is not installed: see https://developer.hashicorp.com/terraform/install.';
  if (!runs('go', 'list', '-deps', '.')) {
    return 'The Go modules of the stub provider cannot be had: see what `go mod download` says in terraform/test/stub-provider.';
  }
  return undefined;
}

/** Builds the stub into a directory from which `terraform init` installs it. */
export async function buildStubProvider(): Promise<string> {
  const mirror = path.join(LOCAL_DIR, 'terraform-mirror', STUB_VERSION);
  const platform = `${process.platform}_${({ x64: 'amd64' } as Record<string, string>)[process.arch] ?? process.arch}`;
  const binary = path.join(mirror, STUB_ADDRESS, STUB_VERSION, platform, `terraform-provider-stub_v${STUB_VERSION}`);
  await runToEnd('go', ['build', '-buildvcs=false', '-ldflags=-s -w', '-o', binary, '.'], {
    cwd: __dirname, env: process.env, timeoutMs: BUILD_TIMEOUT_MS, what: 'Building the stub provider',
  });
  return mirror;
}

/** What the stub reads when it starts: its schemas, in the form of `terraform providers schema -json`, and its answers. */
export function writeStubFile(file: string, types: UsedTypes): void {
  const content = { format_version: '1.0', provider_schemas: { [STUB_ADDRESS]: BINDINGS.schemas(types) }, answers: ANSWERS };
  fs.writeFileSync(file, JSON.stringify(content));
}
