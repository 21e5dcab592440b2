import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Widget } from './dashboard-picture';
import { CsvChunkPipeline, FieldType, Intake, JobAlarms, JobApi, JobDashboard, JobNotifications, TableSchema } from '../../src';

/** The dashboard of one pipeline with its alarms and what may stand around it, as docs/dashboard.svg shows it. */
export function widgetsOfExample(stack: Stack): Widget[] {
  const schema = TableSchema.fromFields([{ name: 'id' }, { name: 'amount', type: FieldType.DECIMAL, scale: 2 }]);
  const pipeline = new CsvChunkPipeline(stack, 'Tap', { schema, environmentSuffix: 'dev', intake: Intake.queue() });
  const around = [new JobNotifications(stack, 'Notifications', { pipeline }), new JobApi(stack, 'JobApi', { pipeline })];
  const alarms = new JobAlarms(stack, 'Alarms', { pipeline, around, actions: [] });
  new JobDashboard(stack, 'Dashboard', { pipeline, around, alarms });
  return bodyOf(stack).widgets;
}

/** What CloudWatch gets; a reference to a resource reads as its logical id. */
export function bodyOf(stack: Stack): { readonly widgets: Widget[]; readonly start?: string } {
  const [dashboard] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard'));
  const { 'Fn::Join': [, pieces] } = dashboard.Properties.DashboardBody as { 'Fn::Join': [string, unknown[]] };
  return JSON.parse(pieces.map((piece) => typeof piece === 'string' ? piece : referenceOf(piece as Record<string, unknown>)).join('')) as ReturnType<typeof bodyOf>;
}

function referenceOf({ Ref: ref, 'Fn::GetAtt': attribute }: Record<string, unknown>): string {
  return String(ref ?? (attribute as string[])[0]);
}
