import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, Testing } from 'cdktn';
import { Deployment } from '../lib/deployment';
import { Settings } from '../lib/settings';
import { TapStack } from '../lib/tap-stack';

export const SETTINGS: Settings = {
  environmentSuffix: 'test',
  region: 'eu-central-1',
  accountId: '111122223333',
  failureEmails: ['data-team@example.com', 'on-call@example.com'],
  backend: { bucket: 'states', key: 'payments/test.tfstate', region: 'eu-west-1', dynamodbTable: 'locks' },
};
export const KEPT = Deployment.fixed(SETTINGS);
export const DESTROYABLE = Deployment.fixed({ ...SETTINGS, removalPolicy: 'destroy' });
export const OPEN = Deployment.open({ version: '1.2.3', environmentSuffix: 'prod' });

const STACK = 'Tap';

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Json = any;

export interface Synthesized {
  /** What stands in cdk.tf.json. */
  readonly text: string;
  readonly config: Json;
  /** The template that it was made of. */
  readonly template: Json;
  /** Where cdk.tf.json lies, and its assets. */
  readonly directory: string;
}

const outputs: string[] = [];
afterAll(() => outputs.splice(0).forEach((directory) => fs.rmSync(directory, { recursive: true, force: true })));

/** An app that writes to a directory of its own, which goes when the tests of a file are over. */
export function newApp(): App {
  const app = Testing.app();
  outputs.push(app.outdir);
  return app;
}

/** The stack as `npm run synth` writes it. */
export function synthesize(deployment: Deployment): Synthesized {
  const app = newApp();
  new TapStack(app, STACK, deployment);
  app.synth();
  const directory = path.join(app.outdir, 'stacks', STACK);
  const text = fs.readFileSync(path.join(directory, 'cdk.tf.json'), 'utf8');
  const template = JSON.parse(fs.readFileSync(path.join(app.outdir, 'cdk', STACK, `${STACK}.template.json`), 'utf8'));
  return { text, config: JSON.parse(text), template, directory };
}

/** The arguments of all resources of a type, by name. */
export function resources({ config }: Synthesized, type: string): Record<string, Json> {
  return config.resource[type] ?? {};
}

/** The one resource of a type whose name holds the text. */
export function resource(synthesized: Synthesized, type: string, namePart = ''): Json {
  const found = Object.entries(resources(synthesized, type)).filter(([name]) => name.includes(namePart));
  if (found.length !== 1) throw new Error(`expected one ${type} with "${namePart}" in its name, got ${found.map(([name]) => name).join(', ') || 'none'}`);
  return found[0][1];
}
