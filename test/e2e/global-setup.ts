import * as path from 'node:path';
import { Emulator, StackOutputs } from '../../emulator/emulator';
import { bundleHandlers } from '../../emulator/prerequisites';

/** What the tests find in the environment variable `E2E_DEPLOYMENT`. */
export interface Deployment {
  readonly clientConfig: Emulator['clientConfig'];
  readonly stacks: StackOutputs;
}

/** One emulator and one deployment for all suites. */
export default async function (): Promise<void> {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  bundleHandlers();
  const emulator = await Emulator.start();
  // The teardown runs in this process too; and if it does not run, the emulator ends with the process.
  (globalThis as { emulator?: Emulator }).emulator = emulator;
  await emulator.bootstrap();
  const stacks = await emulator.deploy({ app: path.join(__dirname, 'app.ts') });
  process.env.E2E_DEPLOYMENT = JSON.stringify({ clientConfig: emulator.clientConfig, stacks } satisfies Deployment);
}
