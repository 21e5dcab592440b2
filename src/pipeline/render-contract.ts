import { Settings } from './settings';
import { FunctionCapacity, JobContract, sealContract } from '../contract/job-contract';
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
    capacity: {
      workflowTimeoutSeconds: settings.workflowTimeout.toSeconds(),
      maxConcurrency: settings.maxConcurrency,
      planChunks: capacityOf(settings, 'plan-chunks'),
      processChunk: capacityOf(settings, 'process-chunk'),
      finalizeJob: capacityOf(settings, 'finalize-job'),
    },
  });
}

function capacityOf({ steps }: Settings, stem: string): FunctionCapacity {
  const { memorySize, timeout } = steps[stem];
  return { memoryMebibytes: memorySize.toMebibytes(), timeoutSeconds: timeout.toSeconds() };
}
