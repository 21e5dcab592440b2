/**
 * What the emulator refuses of a template, so that a whole deployment fails, and what it gets in its place. Nothing of
 * this is ever looked at there: it measures nothing, and no alarm goes off. The templates' own content is held by the
 * unit tests.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';

interface Resource {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
}

interface Template {
  readonly Resources?: Record<string, Resource>;
}

/** @param directory a cloud assembly */
export function adaptTemplates(directory: string): void {
  for (const file of fs.readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.template.json'))) {
    const place = path.join(directory, file);
    const template = JSON.parse(fs.readFileSync(place, 'utf8')) as Template;
    fs.writeFileSync(place, JSON.stringify(adaptTemplate(template)));
  }
}

export function adaptTemplate(template: Template): Template {
  const resources = Object.entries(template.Resources ?? {})
    // It has no such resource; nothing refers to one.
    .filter(([, { Type }]) => Type !== 'AWS::Logs::QueryDefinition')
    .map(([id, resource]) => [id, resource.Type === 'AWS::CloudWatch::Alarm' ? withoutMath(resource) : resource]);
  return { ...template, Resources: Object.fromEntries(resources) as Record<string, Resource> };
}

/** An alarm on an expression is one on the first metric of it. */
function withoutMath(alarm: Resource): Resource {
  const { Metrics: metrics, ...others } = alarm.Properties as { readonly Metrics?: ReadonlyArray<{ readonly MetricStat?: MetricStat }> };
  const stat = metrics?.map(({ MetricStat: found }) => found).find((found) => found !== undefined);
  if (stat === undefined) return alarm;
  return { ...alarm, Properties: { ...others, ...stat.Metric, Statistic: stat.Stat, Period: stat.Period } };
}

interface MetricStat {
  readonly Metric: object;
  readonly Stat: string;
  readonly Period: number;
}
