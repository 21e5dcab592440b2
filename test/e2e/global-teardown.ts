import { Emulator } from '../../emulator/emulator';

export default async function (): Promise<void> {
  await (globalThis as { emulator?: Emulator }).emulator?.stop();
}
