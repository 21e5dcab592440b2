/** It has a section for each row of the table of alarms, called as that. */
export const RUNBOOK = 'https://github.com/cdk-csv-chunk-pipeline/cdk-csv-chunk-pipeline/blob/main/docs/runbook.md';
