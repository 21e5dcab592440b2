import { Settings } from './settings';
import { JobContract, sealContract } from '../contract/job-contract';
import { DEFAULT_METRICS_NAMESPACE } from '../contract/metrics';

/** The settings that travel with the handlers' code. */
export function renderJobContract(pipelineId: string, settings: Settings): JobContract {
  const { incoming, ...prefixes } = settings.prefixes;
  return sealContract({
    pipelineId,
    ...settings.records,
    resumeWindowSeconds: settings.resumeWindow.toSeconds(),
    longestJobSeconds: settings.longestJob.toSeconds(),
    chunkItemsExpireAfterSeconds: settings.chunkItemsExpireAfter.toSeconds(),
    prefixes,
    metricsNamespace: DEFAULT_METRICS_NAMESPACE,
  });
}
