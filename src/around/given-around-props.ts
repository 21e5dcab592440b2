import { Construct } from 'constructs';
import { ICsvChunkPipeline } from '../i-csv-chunk-pipeline';
import { checkGivenProps, TypesOf, warnOfUnknownProps } from '../synth/construct-props';
import { isListOf, isWith, TypeCheck } from '../synth/prop-types';

const isPipeline = isWith(['pipelineId', 'jobTable'], 'a pipeline (CsvChunkPipeline)');

/** What alarms and dashboards look at. */
export const isParts: TypeCheck = isListOf(isWith(['node', 'functions', 'deadLetterQueue'], 'a part around a pipeline (IMonitored)'));

/**
 * Holds that the props of what stands around a pipeline are of their types, and warns of names that it does not know:
 * the first thing that its constructor does.
 *
 * @param name of the construct's class
 * @param types a check for each prop but the pipeline
 * @param required besides the pipeline
 * @throws Error that names the prop, what was expected and what came
 */
export function checkAroundProps<Props extends { readonly pipeline: ICsvChunkPipeline }>(
  construct: Construct, name: string, props: Props, types: TypesOf<Omit<Props, 'pipeline'>>, required: ReadonlyArray<keyof Props & string> = [],
): void {
  const all = { pipeline: isPipeline, ...types } as TypesOf<Props>;
  checkGivenProps(props, all, ['pipeline', ...required]);
  warnOfUnknownProps(construct, name, props, all);
}
