/**
 * The CDK app of the demo: TapStack as it is, in smaller chunks and, for a file of the user's, with the user's schema.
 */
import { App, Size } from 'aws-cdk-lib';
import { TapStack } from '../examples/tap-stack/tap-stack';
import { CsvChunkPipelineProps, CsvDialect, InputFormat, TableSchema } from '../src';

export const DEMO_STACK = 'TapStackDemo';

/** The app's context; file names are absolute. */
export interface DemoContext {
  readonly chunkSizeMiB: string;
  /** `100` or `1%`. */
  readonly maxRejected: string;
  readonly schema?: string;
  readonly dialect?: string;
}

function pipelineProps(context: DemoContext): Partial<CsvChunkPipelineProps> {
  const limit = parseFloat(context.maxRejected);
  return {
    chunkSize: Size.mebibytes(Number(context.chunkSizeMiB)),
    // A job must be within both limits, and TapStack sets a percentage.
    ...context.maxRejected.endsWith('%') ? { maxRejectedPercentage: limit } : { maxRejectedRecords: limit, maxRejectedPercentage: undefined },
    ...context.schema !== undefined ? { schema: TableSchema.fromFile(context.schema), suffixes: [] } : {},
    ...context.dialect !== undefined ? { inputFormat: InputFormat.bySuffix({ dialect: CsvDialect.fromFile(context.dialect) }) } : {},
  };
}

if (require.main === module) {
  const app = new App();
  const get = (name: keyof DemoContext): string | undefined => app.node.tryGetContext(name) as string | undefined;
  new TapStack(app, DEMO_STACK, {
    environmentSuffix: 'demo',
    pipeline: pipelineProps({ chunkSizeMiB: get('chunkSizeMiB')!, maxRejected: get('maxRejected')!, schema: get('schema'), dialect: get('dialect') }),
  });
}
