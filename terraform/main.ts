/**
 * `npm run synth [-- settings file]`: each stack of the settings, as `cdktf.out/stacks/<stack>/cdk.tf.json`, with the
 * providers that the lock file beside the settings has chosen.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { AnnotationMetadataEntryType, App } from 'cdktn';
import { Deployment } from './lib/deployment';
import { runProgram } from './lib/run-program';
import { readSettings } from './lib/settings';
import { TapStack } from './lib/tap-stack';

const LOCK_FILE = '.terraform.lock.hcl';

runProgram(() => {
  const [file = path.join(__dirname, 'settings.json')] = process.argv.slice(2);
  const app = new App();
  const stacks = Object.entries(readSettings(file)).map(([name, settings]) => new TapStack(app, name, Deployment.fixed(settings)));
  app.synth();
  const lock = path.join(path.dirname(file), LOCK_FILE);
  for (const stack of stacks) {
    if (fs.existsSync(lock)) fs.copyFileSync(lock, path.join(app.outdir, 'stacks', stack.node.id, LOCK_FILE));
    const warnings = stack.node.metadata.filter(({ type }) => type === AnnotationMetadataEntryType.WARN);
    for (const { data } of warnings) console.error(`${stack.node.id}: warning: ${data}`);
  }
});
