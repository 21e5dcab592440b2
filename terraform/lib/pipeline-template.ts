import * as path from 'node:path';
import { App, DefaultStackSynthesizer, FileAssetPackaging } from 'aws-cdk-lib';
import { AssetManifestArtifact, CloudAssembly } from 'aws-cdk-lib/cx-api';
import { Asset } from './conversions';
import { Deployment } from './deployment';
import { InputError } from './input-error';
import { RawPaymentsStack } from '../../examples/raw-payments/raw-payments-stack';

/** A resource of a CloudFormation template. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
  readonly DependsOn?: string | string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly [other: string]: unknown;
}

export interface PipelineTemplate {
  readonly resources: Readonly<Record<string, TemplateResource>>;
  /** The Terraform variable that takes the place of each parameter of CloudFormation. */
  readonly variables: Readonly<Record<string, string>>;
  /** The code of the functions. */
  readonly assets: readonly Asset[];
  /** What the construct has to say of the settings. */
  readonly warnings: readonly string[];
}

/**
 * The team's pipeline, with its notifications and alarms, as an AWS CDK stack of its own: what the Terraform stack is
 * made of.
 *
 * @param name the stack's, which is part of the pipeline's id in metrics, events and reports
 * @param outdir the directory that template and assets are written to
 */
export function synthesizePipeline(name: string, deployment: Deployment, outdir: string): PipelineTemplate {
  const app = new App({ outdir, analyticsReporting: false, treeMetadata: false });
  const stack = byTheChecksOfTheConstruct(() => new RawPaymentsStack(app, name, {
    env: deployment.env,
    synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }),
    environmentSuffix: deployment.environmentSuffix,
    removalPolicy: deployment.removalPolicy,
    failureEmails: deployment.failureEmails,
  }));
  const variables = deployment.subscribeVariables(stack, stack.notifications.failureTopic);

  const assembly = byTheChecksOfTheConstruct(() => app.synth());
  const artifact = assembly.getStackArtifact(stack.artifactId);
  const say = (wanted: string) => artifact.messages.filter(({ level }) => level === wanted).map(({ entry }) => String(entry.data));
  const errors = say('error');
  if (errors.length > 0) throw new InputError(errors.join('\n'));
  return { resources: artifact.template.Resources, variables, assets: assetsOf(assembly), warnings: say('warning') };
}

/** The checks throw plain errors; what is no plain error, or comes of the operating system, is a fault of a program. */
function byTheChecksOfTheConstruct<Result>(make: () => Result): Result {
  try {
    return make();
  } catch (error) {
    if (error instanceof Error && /^(?:Validation)?Error$/.test(error.name) && !('code' in error)) throw new InputError(error.message);
    throw error;
  }
}

function assetsOf({ directory, artifacts }: CloudAssembly): Asset[] {
  const manifests = artifacts.filter((artifact) => AssetManifestArtifact.isAssetManifestArtifact(artifact));
  const files = manifests.flatMap(({ contents }) => Object.entries(contents.files ?? {}));
  return files.filter(([, { source }]) => source.packaging === FileAssetPackaging.ZIP_DIRECTORY).flatMap(([hash, { source, destinations }]) => (
    Object.values(destinations).map(({ bucketName, objectKey }) => ({
      bucket: bucketName, key: objectKey, directory: path.join(path.resolve(directory), source.path!), hash,
    }))
  ));
}
