/** What stands around a pipeline, deployed: a stack for each file of `stacks/`, or for those that E2E_STACKS names. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { App } from 'aws-cdk-lib';

interface StackFile {
  readonly deploy: (app: App) => void;
}

const SUFFIX = '.stack.ts';
const FOLDER = path.join(__dirname, 'stacks');

const stems = fs.readdirSync(FOLDER).filter((file) => file.endsWith(SUFFIX)).map((file) => file.slice(0, -SUFFIX.length));
// An empty variable is none: build servers export those.
const wanted = process.env.E2E_STACKS ? process.env.E2E_STACKS.split(',') : stems;

async function deployAll(app: App): Promise<void> {
  for (const stem of wanted) (await import(path.join(FOLDER, `${stem}${SUFFIX}`)) as StackFile).deploy(app);
}

// The app is synthesized when there is nothing left to wait for.
void deployAll(new App());
