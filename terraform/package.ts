/**
 * `npm run package [-- directory]`: what somebody needs who has Terraform or OpenTofu and nothing of the CDK. Region
 * and e-mail address are variables, the backend is given to `terraform init`: see release/README.md, which goes with
 * it.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App } from 'cdktn';
import { TapStack } from './lib/tap-stack';

const ROOT = path.join(__dirname, '..');
const STACK = 'TapStack';
/** It ends all names; a variable could not, because names are checked when they are made. */
const ENVIRONMENT_SUFFIX = 'prod';

const [directory = path.join(__dirname, 'dist', 'csv-chunk-pipeline-terraform')] = process.argv.slice(2);
const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'csv-chunk-pipeline-terraform-'));
try {
  const app = new App({ outdir });
  new TapStack(app, STACK, { environmentSuffix: ENVIRONMENT_SUFFIX, openToVariables: true });
  app.synth();
  fs.rmSync(directory, { recursive: true, force: true });
  fs.cpSync(path.join(outdir, 'stacks', STACK), directory, { recursive: true });
} finally {
  fs.rmSync(outdir, { recursive: true, force: true });
}
fs.copyFileSync(path.join(__dirname, 'release', 'README.md'), path.join(directory, 'README.md'));
// The operator's command, in both of its bundles, so that it needs no package. The archives and it hold code of others,
// as the package does.
for (const file of ['bin/csv-chunk-pipeline', 'assets/operator/index.js', 'assets/preflight/index.js', 'LICENSE', 'THIRD-PARTY-LICENSES']) {
  fs.cpSync(path.join(ROOT, file), path.join(directory, file));
}
