import * as path from 'node:path';
import { Emulator, EmulatorOptions, StackOutputs } from '../../emulator/emulator';
import { bundleHandlers } from '../../emulator/prerequisites';

/** What the tests find in the environment variable `E2E_DEPLOYMENT`. */
export interface Deployment {
  readonly clientConfig: Emulator['clientConfig'];
  readonly stacks: StackOutputs;
  /** Of the emulator that runs, see `EmulatedAccount`. */
  readonly port: number;
  readonly directory: string;
}

/** What a small machine holds, and more than one job of any suite needs. */
const CONCURRENCY = 20;

/** One emulator and one deployment for all suites. */
export default async function (): Promise<void> {
  await deployForTests(path.join(__dirname, 'app.ts'), { concurrency: CONCURRENCY });
}

export async function deployForTests(app: string, options: EmulatorOptions = {}): Promise<void> {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  bundleHandlers();
  const emulator = await Emulator.start(options);
  // The teardown runs in this process too; and if it does not run, the emulator ends with the process.
  (globalThis as { emulator?: Emulator }).emulator = emulator;
  await emulator.bootstrap();
  const stacks = await emulator.deploy({ app });
  const { clientConfig, port, directory } = emulator;
  process.env.E2E_DEPLOYMENT = JSON.stringify({ clientConfig, stacks, port, directory } satisfies Deployment);
}
