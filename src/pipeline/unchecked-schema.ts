import { Annotations } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { RecordSettings, uncheckedBy } from '../contract/record-settings';

/** Warns at synth of what a schema asks for and no record is checked for. */
export function warnOfUnchecked(scope: Construct, records: RecordSettings): void {
  const unchecked = uncheckedBy(records);
  if (unchecked.length === 0) return;
  Annotations.of(scope).addWarningV2('cdk-csv-chunk-pipeline:notChecked',
    `The schema asks for what no record is checked for (${unchecked.join('; ')}). Check it elsewhere, or set strictSchema to make this an error.`);
}
