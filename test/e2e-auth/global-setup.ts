import * as path from 'node:path';
import { deployForTests } from '../e2e/global-setup';

/** An emulator of its own, that enforces rights. */
export default async function (): Promise<void> {
  await deployForTests(path.join(__dirname, 'app.ts'), { enforcesRights: true });
}
