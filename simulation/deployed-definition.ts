/** The definition of the state machine in the synthesized template, as it is deployed. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { CsvChunkPipeline, TableSchema } from '../src';

/** @returns JSON; a reference to a resource reads `${LogicalId}` */
export function deployedDefinition(): string {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'simulation-'));
  try {
    const app = new App({ outdir });
    const stack = new Stack(app, 'Stack');
    new CsvChunkPipeline(stack, 'Pipeline', { schema: TableSchema.fromFields([{ name: 'id' }]) });
    const { Resources } = app.synth().getStackByName('Stack').template as Template;
    const [machine] = Object.values(Resources).filter(({ Type }) => Type === 'AWS::StepFunctions::StateMachine');
    return asText(machine.Properties.DefinitionString);
  } finally {
    fs.rmSync(outdir, { recursive: true, force: true });
  }
}

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: { readonly DefinitionString: Text } }>>;
}

/** As templates write a text that names resources. */
type Text = string | { readonly Ref: string } | { readonly 'Fn::GetAtt': readonly string[] } | { readonly 'Fn::Join': readonly [string, readonly Text[]] };

function asText(text: Text): string {
  if (typeof text === 'string') return text;
  if ('Ref' in text) return `\${${text.Ref}}`;
  if ('Fn::GetAtt' in text) return `\${${text['Fn::GetAtt'].join('.')}}`;
  const [separator, parts] = text['Fn::Join'];
  return parts.map(asText).join(separator);
}
