import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { pipelineWithOutputs } from './pipeline-with-outputs';
import { Intake, SuffixCase } from '../../../src';

/** A pipeline for each way in which files come in. */
export function deploy(app: App): void {
  const byQueue = new Stack(app, 'IntakeByQueue');
  const intake = Intake.queue({ batchSize: 10, maxBatchingWindow: Duration.seconds(1), maxConcurrency: 2 });
  const pipeline = pipelineWithOutputs(byQueue, { intake });
  new CfnOutput(byQueue, 'IntakeQueueUrl', { value: pipeline.intakeQueue!.queueUrl });
  new CfnOutput(byQueue, 'DeadLetterQueueUrl', { value: pipeline.deadLetterQueue.queueUrl });

  pipelineWithOutputs(new Stack(app, 'IntakeByHand'), { intake: Intake.manual() });

  pipelineWithOutputs(new Stack(app, 'IntakeExact'), { suffixes: ['.csv', '.json'], suffixCase: SuffixCase.EXACT });
}
