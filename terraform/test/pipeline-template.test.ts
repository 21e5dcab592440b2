/** What the Terraform stack is made of: the stack of docs/raw-payments.md itself. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, RemovalPolicy } from 'aws-cdk-lib';
import { newApp, OPEN, SETTINGS } from './synthesized';
import { RawPaymentsStack } from '../../examples/raw-payments/raw-payments-stack';
import { Deployment } from '../lib/deployment';
import { synthesizePipeline } from '../lib/pipeline-template';

test('the template is that of the stack which docs/raw-payments.md shows, with the settings', () => {
  const { outdir } = newApp();
  const { resources } = synthesizePipeline('Tap', Deployment.fixed({ ...SETTINGS, removalPolicy: 'destroy' }), path.join(outdir, 'here'));
  const app = new App({ outdir: path.join(outdir, 'example'), analyticsReporting: false });
  const example = new RawPaymentsStack(app, 'Tap', {
    env: { account: SETTINGS.accountId, region: SETTINGS.region },
    environmentSuffix: SETTINGS.environmentSuffix,
    failureEmails: SETTINGS.failureEmails,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const { Resources } = app.synth().getStackArtifact(example.artifactId).template;
  const withoutMetadata = (all: object) => Object.fromEntries(Object.entries(all).map(([id, { Metadata: _, ...resource }]) => [id, resource]));
  expect(withoutMetadata(resources)).toEqual(withoutMetadata(Resources));
});

test('an address that is a variable is a parameter of the template, and told the same topic', () => {
  const { resources, variables } = synthesizePipeline('Tap', OPEN, newApp().outdir);
  expect(variables).toEqual({ FailureEmail: 'failure_email' });
  const subscriptions = Object.values(resources).filter(({ Type }) => Type === 'AWS::SNS::Subscription').map(({ Properties }) => Properties);
  expect(subscriptions).toEqual([{ Protocol: 'email', Endpoint: { Ref: 'FailureEmail' }, TopicArn: { Ref: expect.stringContaining('FailureTopic') } }]);
});

test('the code of each function is found', () => {
  const { resources, assets } = synthesizePipeline('Tap', OPEN, newApp().outdir);
  const keys = Object.values(resources).filter(({ Type }) => Type === 'AWS::Lambda::Function').map(({ Properties }) => (Properties!.Code as { S3Key: string }).S3Key);
  expect(assets.map(({ key }) => key).sort()).toEqual([...new Set(keys)].sort());
  for (const { directory } of assets) expect(fs.readdirSync(directory)).toContain('index.js');
});
