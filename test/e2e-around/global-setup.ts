import * as path from 'node:path';
import { deployForTests } from '../e2e/global-setup';

/** An emulator of its own. */
export default async function (): Promise<void> {
  await deployForTests(path.join(__dirname, 'app.ts'));
}
