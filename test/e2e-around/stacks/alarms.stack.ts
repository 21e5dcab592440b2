import { App, CfnOutput, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { pipelineWithOutputs } from './pipeline-with-outputs';
import { JobAlarms, JobDashboard } from '../../../src';

export function deploy(app: App): void {
  const stack = new Stack(app, 'Alarms');
  // 20 records of 100 may be bad.
  const pipeline = pipelineWithOutputs(stack, { environmentSuffix: 'e2e', maxRejectedPercentage: 20, removalPolicy: RemovalPolicy.DESTROY });
  const topic = new Topic(stack, 'OnCall');
  const alarms = new JobAlarms(stack, 'JobAlarms', { pipeline, actions: [new SnsAction(topic)], slaFileSize: Size.mebibytes(1) });
  const { dashboard, dashboardUrl } = new JobDashboard(stack, 'JobDashboard', { pipeline, alarms });
  new CfnOutput(stack, 'DashboardName', { value: dashboard.dashboardName });
  new CfnOutput(stack, 'DashboardUrl', { value: dashboardUrl });
  new CfnOutput(stack, 'AlarmNames', { value: Object.keys(alarms.alarms).join(',') });
}
