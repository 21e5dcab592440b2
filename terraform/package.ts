/**
 * `npm run package [-- directory]`: what somebody needs who has Terraform or OpenTofu and nothing of the CDK. Region
 * and e-mail address are variables, the backend is given to `terraform init`: see release/README.md, which goes with
 * it.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { App } from 'cdktn';
import { version } from '../package.json';
import { Deployment } from './lib/deployment';
import { InputError } from './lib/input-error';
import { runProgram } from './lib/run-program';
import { TapStack } from './lib/tap-stack';

const ROOT = path.join(__dirname, '..');
const STACK = 'TapStack';
/** The archives hold code of others, as the package does. */
const LICENSES = ['LICENSE', 'THIRD-PARTY-LICENSES'];
const CONTENTS = ['cdk.tf.json', 'README.md', 'assets', ...LICENSES];

runProgram(() => {
  const [target = path.join(__dirname, 'dist', `csv-chunk-pipeline-terraform-${version}`)] = process.argv.slice(2);
  const directory = path.resolve(target);
  checkMayBeReplaced(directory);
  // Beside it, so that it is renamed when it is whole.
  fs.mkdirSync(path.dirname(directory), { recursive: true });
  const staging = fs.mkdtempSync(`${directory}-`);
  try {
    const result = synthesize(path.join(staging, 'synthesized'));
    for (const file of LICENSES) fs.copyFileSync(path.join(ROOT, file), path.join(result, file));
    const readme = fs.readFileSync(path.join(__dirname, 'release', 'README.md'), 'utf8');
    fs.writeFileSync(path.join(result, 'README.md'), readme.replace('\n', `\n\nVersion ${version}.\n`));
    fs.rmSync(directory, { recursive: true, force: true });
    fs.renameSync(result, directory);
  } finally {
    fs.rmSync(staging, { recursive: true, force: true });
  }
});

/** Another directory that is named by mistake would be deleted with all that it holds. */
function checkMayBeReplaced(directory: string): void {
  if (!fs.lstatSync(directory, { throwIfNoEntry: false })) return;
  const files = fs.lstatSync(directory).isDirectory() ? fs.readdirSync(directory) : [directory];
  const isEarlierResult = files.length === CONTENTS.length && CONTENTS.every((file) => files.includes(file));
  if (files.length > 0 && !isEarlierResult) throw new InputError(`directory must be new, empty or an earlier result, got ${directory}, which holds ${files[0]}`);
}

/** @returns where the stack is */
function synthesize(outdir: string): string {
  const app = new App({ outdir });
  new TapStack(app, STACK, Deployment.open({ version, environmentSuffix: 'prod' }));
  app.synth();
  return path.join(outdir, 'stacks', STACK);
}
