/**
 * The stack is that of docs/raw-payments.md: it was asked for once, and is described twice, here and in the example.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { App } from 'aws-cdk-lib';
import { newApp, SETTINGS } from './synthesized';
import { RawPaymentsStack } from '../../test/examples/raw-payments-stack';
import { synthesizePipeline } from '../lib/pipeline-template';

const { outdir: temporary } = newApp();

/** How many resources there are of each type. */
function countTypes(resources: object): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { Type } of Object.values(resources)) counts[Type] = (counts[Type] ?? 0) + 1;
  return counts;
}

/** The contract that PlanChunks reads, without what the names of stack and suffix make of it. */
function contractOf(resources: object, assembly: string): object {
  const [, planChunks] = Object.entries(resources).find(([id, { Type }]) => Type === 'AWS::Lambda::Function' && id.includes('PlanChunks'))!;
  const asset = `asset.${path.basename(planChunks.Properties.Code.S3Key, '.zip')}`;
  const { pipelineId: _, fingerprint: __, ...contract } = JSON.parse(fs.readFileSync(path.join(assembly, asset, 'contract.json'), 'utf8'));
  return contract;
}

const bucketOf = (resources: object) => Object.values(resources).find(({ Type }) => Type === 'AWS::S3::Bucket').Properties;

test('the pipeline is the one that docs/raw-payments.md shows', () => {
  const assembly = path.join(temporary, 'here');
  const { resources } = synthesizePipeline('Tap', { ...SETTINGS, failureEmails: ['data-team@example.com'] }, assembly);
  const app = new App({ outdir: path.join(temporary, 'example'), analyticsReporting: false });
  const example = new RawPaymentsStack(app, 'RawPayments');
  const { Resources } = app.synth().getStackArtifact(example.artifactId).template;

  expect(countTypes(resources)).toEqual(countTypes(Resources));
  expect(contractOf(resources, assembly)).toEqual(contractOf(Resources, app.outdir));
  const { BucketName: _, ...bucket } = bucketOf(resources);
  expect(bucket).toEqual(bucketOf(Resources));
});
