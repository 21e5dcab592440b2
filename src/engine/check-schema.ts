/**
 * What synth has of the engine, as a bundle of its own: whether the engine can compile a schema, said by the engine
 * itself.
 */
import { Schema } from '../spec/schema';
import { compileFormat } from './format/format';

/**
 * @throws Error that names the field, for what cannot be compiled: a limit that no text of the field's format is, say
 */
export function checkSchema(schema: Schema): void {
  compileFormat({ schema, dialect: {}, maxRecordSize: 1 });
}
