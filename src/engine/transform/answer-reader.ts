import { isPlainObject, NoJson, printExact } from './exact-json';
import { publishedForm } from './published-form';
import { TransformAnswer, TransformReject } from './transform';
import { Schema } from '../../spec/schema';
import { shortened, visibleJson } from '../../spec/visible-text';
import { compileFormat } from '../format/format';
import { holdsHalfPair } from '../json/half-pair';
import { JsonText } from '../json/json-object';
import { JsonValueConverter, RecordValue } from '../records/json-value-converter';
import { halfPairMessage } from '../types/field-converter';

/** Checks what a transform answers to a record, by the rules of the schema of its output. */
export class AnswerReader {
  private readonly converter: JsonValueConverter;
  private readonly fieldNames: ReadonlySet<string>;
  private readonly rescueColumn: string | undefined;

  /**
   * @param schema of the records that the transform is given
   * @param outputSchema of the records that it answers with
   */
  constructor(schema: Schema, outputSchema: Schema) {
    const describesFile = schema === outputSchema;
    const published = { fields: outputSchema.fields.map((field) => publishedForm(field, describesFile)) };
    this.converter = new JsonValueConverter(compileFormat({ schema: published, dialect: {}, maxRecordSize: 0 }));
    this.fieldNames = new Set([...schema.fields, ...outputSchema.fields].map(({ name }) => name));
    this.rescueColumn = outputSchema.rescueColumn;
  }

  /** @param answer any value of JavaScript */
  read(answer: unknown): TransformAnswer {
    if (answer === null) return null;
    if (!isPlainObject(answer)) return { message: `expected the transform to return a record (a plain object) or null, got ${kindOf(answer)}` };
    const members: Array<readonly [string, RecordValue]> = [];
    for (const [key, value] of Object.entries(answer) as Array<[string, RecordValue]>) {
      const json = key === this.rescueColumn ? value : toJsonText(value);
      if (json instanceof NoJson) return { column: this.columnOf(key), message: `what the transform returned is not valid: expected values of JSON, got ${json.got}` };
      members.push([key, json]);
    }
    return this.readMembers(members);
  }

  readMembers(members: ReadonlyArray<readonly [key: string, value: RecordValue]>): TransformAnswer {
    const { rescueColumn } = this;
    const values = this.converter.convert(rescueColumn === undefined ? members : members.filter(([key]) => key !== rescueColumn));
    if (values === undefined) {
      const { column, message } = this.converter.fault;
      return { column, message: `what the transform returned is not valid: ${message}` };
    }
    if (rescueColumn === undefined) return values.slice();
    const rescued = rescuedLiteral(members.find(([key]) => key === rescueColumn)?.[1]);
    if (typeof rescued === 'string' && holdsHalfPair(rescued)) {
      return { column: rescueColumn, message: `what the transform returned is not valid: ${halfPairMessage(rescued)}` };
    }
    return rescued instanceof NoJson
      ? { column: rescueColumn, message: `what the transform returned is not valid: expected an object of JSON or null, got ${rescued.got}` }
      : [...values, rescued];
  }

  private columnOf(key: string): string | undefined {
    return this.fieldNames.has(key) ? key : undefined;
  }

  /** A reject in the user's words. Only a field can be blamed: rejects are counted by column. */
  reject(message: string, column?: unknown): TransformReject {
    if (column === undefined || column === null) return { message: shortMessage(message) };
    if (typeof column === 'string' && this.fieldNames.has(column)) return { column, message: shortMessage(message) };
    return { message: shortMessage(`${message} (column ${visibleJson(column)}, which is no field)`) };
  }
}

const MOST_CHARACTERS = 1000;

/** Messages are kept by the thousand, and a user's may hold anything. */
export function shortMessage(message: string): string {
  return shortened(message, MOST_CHARACTERS).replace(/\p{Surrogate}/gu, '\ufffd');
}

/** Arrays and objects of JavaScript become those of JSON. */
function toJsonText(value: RecordValue): RecordValue | NoJson {
  if (value instanceof JsonText || (!Array.isArray(value) && !isPlainObject(value))) return value;
  const json = printExact(value);
  return json instanceof NoJson ? json : new JsonText(Array.isArray(value) ? 'array' : 'object', json);
}

function rescuedLiteral(value: RecordValue): string | NoJson {
  if (value === undefined || value === null) return 'null';
  if (value instanceof JsonText) return value.kind === 'object' ? value.text : new NoJson(value.kind === 'array' ? 'an array' : 'a number');
  return isPlainObject(value) ? printExact(value) : new NoJson(kindOf(value));
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'an array';
  if (typeof value !== 'object' || value === null) return `a ${typeof value}`;
  const { name } = (value as { constructor?: { name?: string } }).constructor ?? {};
  return name === undefined || name === 'Object' ? 'an object' : `an object of class ${name}`;
}
