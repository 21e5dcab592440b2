/**
 * For every property of the structs of one construct around the pipeline: what it does when it is left out, and what a
 * value changes.
 */
import { Stack } from 'aws-cdk-lib';
import { CsvChunkPipeline } from '../../src';
import { publicProperties } from '../public-structs';
import { newStack, SCHEMA, Synthesized } from '../synthesize';

export interface PropRow<Props> {
  /** Where the value arrives. */
  readonly read: (synthesized: Synthesized) => unknown;
  /** What is read when the property is left out; for a required one, with the props that every row has. */
  readonly byDefault: unknown;
  readonly override: Partial<Props> | ((stack: Stack) => Partial<Props>);
  /** What is read then. */
  readonly overridden: unknown;
}

/**
 * A stack with a pipeline, `Pipeline`, and what stands around it.
 *
 * @param around makes the construct
 */
export function synthesizeAround(around: (stack: Stack, pipeline: CsvChunkPipeline) => void): Synthesized {
  const stack = newStack();
  around(stack, new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA }));
  return new Synthesized(stack);
}

/**
 * @param file of the construct, `./around/job-alarms`
 * @param make the construct with these props and all that are required
 * @param rows by `Struct.property`; `pipeline` has none
 */
export function holdProps<Props>(
  file: string, make: (stack: Stack, pipeline: CsvChunkPipeline, props: Partial<Props>) => void, rows: Readonly<Record<string, PropRow<Props>>>,
): void {
  const properties = publicProperties((other) => other === file).filter(({ name }) => !name.endsWith('.pipeline'));

  test('every property has a row, and every row a property', () => {
    expect(Object.keys(rows).sort()).toEqual(properties.map(({ name }) => name).sort());
  });

  test('every optional property says what it is by default, as a value or "- …"', () => {
    for (const { name, optional, defaultText } of properties) {
      expect([name, optional ? defaultText : 'required']).toEqual([name, expect.stringMatching(/\S/)]);
      expect([name, defaultText]).not.toEqual([name, expect.stringMatching(/^(-\s*)?undefined/)]);
    }
  });

  test.each(Object.entries(rows))('%s, left out', (_, { read, byDefault }) => {
    expect(read(synthesizeAround((stack, pipeline) => make(stack, pipeline, {})))).toEqual(byDefault);
  });

  test.each(Object.entries(rows))('%s, given', (_, { read, override, overridden }) => {
    const given = (stack: Stack): Partial<Props> => typeof override === 'function' ? override(stack) : override;
    expect(read(synthesizeAround((stack, pipeline) => make(stack, pipeline, given(stack))))).toEqual(overridden);
  });
}
