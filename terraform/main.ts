/** `npm run synth [-- settings file]`: each stack of the settings, as `cdktf.out/stacks/<stack>/cdk.tf.json`. */
import * as path from 'node:path';
import { App } from 'cdktn';
import { readSettings } from './lib/settings';
import { TapStack } from './lib/tap-stack';

const [file = path.join(__dirname, 'settings.json')] = process.argv.slice(2);
try {
  const app = new App();
  for (const [name, settings] of Object.entries(readSettings(file))) new TapStack(app, name, settings);
  app.synth();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
