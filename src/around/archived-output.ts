import { Annotations, CfnResource } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ICsvChunkPipeline } from '../i-csv-chunk-pipeline';
import { visibleJson } from '../spec/visible-text';
import { templateProperties } from '../synth/template-properties';

/** As CloudFormation writes it. */
interface Rule {
  readonly Status: string;
  readonly Prefix?: string;
  readonly Transitions?: ReadonlyArray<{ readonly StorageClass: string }>;
}

/** Athena reads no object there, and does not say so. */
const ARCHIVES = ['GLACIER', 'DEEP_ARCHIVE'];

/** Warns when published records move to where no query finds them; of a bucket of the same app, which alone shows its rules. */
export function warnOfArchives(catalog: Construct, { outputBucket, prefixes }: ICsvChunkPipeline): void {
  catalog.node.addValidation({
    // At the end: the bucket may get its rules after the catalog is made.
    validate: () => {
      const bucket = outputBucket.node.defaultChild;
      if (!CfnResource.isCfnResource(bucket)) return [];
      const { output } = prefixes;
      const rules: Rule[] = templateProperties(bucket).LifecycleConfiguration?.Rules ?? [];
      const reaches = ({ Prefix = '' }: Rule) => Prefix.startsWith(output) || output.startsWith(Prefix);
      const classes = rules.filter((rule) => rule.Status === 'Enabled' && reaches(rule)).flatMap(({ Transitions = [] }) => Transitions.map(({ StorageClass }) => StorageClass));
      const archive = classes.find((name) => ARCHIVES.includes(name));
      if (archive !== undefined) {
        Annotations.of(catalog).addWarningV2('cdk-csv-chunk-pipeline:archivedOutput', `a lifecycle rule moves what lies under ${visibleJson(output)} to ${archive}, where Athena leaves it out `
          + 'of its results without a word: use StorageClass.GLACIER_INSTANT_RETRIEVAL for output that is queried');
      }
      return [];
    },
  });
}
