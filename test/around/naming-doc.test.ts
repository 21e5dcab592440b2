import * as fs from 'fs';
import * as path from 'path';
import { Environment, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ts from 'typescript';
import {
  CsvChunkPipeline, Intake, IResourceNaming, JobAlarms, JobApi, JobCatalog, JobDashboard, JobNotifications, OutputBucket, QualityCheck,
} from '../../src';
import { newApp, SCHEMA } from '../synthesize';

const ROOT = path.join(__dirname, '../..');
const read = (file: string) => fs.readFileSync(path.join(ROOT, file), 'utf8');

/** As its readers would copy it. */
const EXAMPLES: ReadonlyArray<[where: string, code: string]> = [
  ['docs/deployment.md', /^```ts\n([^]*?class AcmeNaming[^]*?)^```/m.exec(read('docs/deployment.md'))![1]],
  ['IResourceNaming', / \* @example\n([^]*?) \*\//.exec(read('src/options/i-resource-naming.ts'))![1].replace(/^ \* ?/gm, '')],
];

function namingOf(code: string): IResourceNaming {
  const { outputText } = ts.transpileModule(`${code}\nexport { AcmeNaming };`, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
  const module = { exports: {} as { AcmeNaming: new () => IResourceNaming } };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  new Function('exports', 'require', outputText)(module.exports, () => ({}));
  return new module.exports.AcmeNaming();
}

describe.each(EXAMPLES)('the rule for names of %s', (_, code) => {
  test.each<[string, Environment | undefined]>([
    ['in a known environment', { account: '111122223333', region: 'eu-west-1' }],
    ['in one that is left open', undefined],
  ])('names a pipeline and all that can stand beside it, %s', (__, env) => {
    const stack = new Stack(newApp(), 'Stack', { env });
    const pipeline = new CsvChunkPipeline(stack, 'Tap', {
      schema: SCHEMA, environmentSuffix: 'prod', resourceNaming: namingOf(code), outputBucket: OutputBucket.own(), intake: Intake.queue(),
    });
    const around = [
      new JobApi(stack, 'Api', { pipeline }),
      new JobCatalog(stack, 'Catalog', { pipeline, crawler: {} }),
      new QualityCheck(stack, 'Quality', { pipeline }),
      new JobNotifications(stack, 'Notifications', { pipeline }),
    ];
    new JobDashboard(stack, 'Dashboard', { pipeline, around, alarms: new JobAlarms(stack, 'Alarms', { pipeline, around, actions: [] }) });

    const [database] = Object.values(Template.fromStack(stack).findResources('AWS::Glue::Database'));
    expect(database.Properties.DatabaseInput.Name).toMatch(/^(acme_(prod_)?tap_database_catalog|database_tap_catalog_prod)$/);
  });
});
