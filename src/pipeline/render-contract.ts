import * as crypto from 'crypto';
import { Settings } from './settings';
import { JobContract } from '../contract/job-contract';
import { DEFAULT_METRICS_NAMESPACE } from '../contract/metrics';
import { dropUndefined } from '../synth/drop-undefined';

/** The settings that travel with the handlers' code. */
export function renderJobContract(pipelineId: string, settings: Settings): JobContract {
  const { incoming, ...prefixes } = settings.prefixes;
  const contract = dropUndefined({
    pipelineId,
    schema: settings.schema,
    dialect: settings.dialect,
    input: settings.input,
    output: settings.output,
    transform: settings.transform?._contract,
    chunkSizeBytes: settings.chunkSize.toBytes(),
    maxRecordSizeBytes: settings.maxRecordSize.toBytes(),
    maxRejectedRecords: settings.maxRejectedRecords,
    maxRejectedPercentage: settings.maxRejectedPercentage,
    resumeWindowSeconds: settings.resumeWindow.toSeconds(),
    prefixes,
    metricsNamespace: DEFAULT_METRICS_NAMESPACE,
  });
  const fingerprint = crypto.createHash('sha256').update(JSON.stringify(contract)).digest('hex');
  return { ...contract, fingerprint };
}
