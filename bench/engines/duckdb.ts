/** The job as DuckDB's SQL: types in `read_csv`, constraints in WHERE, `COPY … (FORMAT json)` for the output. */
import { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { Job } from './engine-run';
import { Field, Schema } from '../../src/spec/schema';

/** One thread, as a chunk has in Lambda at the memory that a chunk needs. */
export async function connect(): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  // The time zone of timestamps without an offset.
  await connection.run("SET TimeZone = 'UTC'");
  return connection;
}

/** Runs a statement whose first value is a number of rows. */
export async function rowsOf(connection: DuckDBConnection, sql: string): Promise<number> {
  const [[rows]] = (await connection.runAndReadAll(sql)).getRows();
  return Number(rows);
}

/** @param onError what happens to records that it cannot split or cast */
export function readCsv({ input, schema }: Job, onError: string): string {
  const columns = schema.fields.map((field) => `${text(field.name)}: ${text(columnType(field))}`).join(', ');
  const nulls = (schema.missingValues ?? ['']).map(text).join(', ');
  return `read_csv(${text(input)}, header = true, delim = ',', quote = '"', escape = '"', new_line = '\\n', auto_detect = false, `
    + `nullstr = [${nulls}], columns = {${columns}}, ${onError})`;
}

/** Whether a record that could be cast is valid. */
export function condition(schema: Schema): string {
  return schema.fields.flatMap(fieldConditions).join(' AND ');
}

/** Every column, as it is to be written. */
export function outputColumns(schema: Schema): string {
  return schema.fields.map((field) => `${outputValue(field)} AS ${name(field)}`).join(', ');
}

const name = (field: Field) => `"${field.name.replaceAll('"', '""')}"`;
const text = (value: string | number | boolean | object) => `'${String(value).replaceAll("'", "''")}'`;

function columnType(field: Field): string {
  const { minimum = -Infinity, maximum = Infinity } = field.constraints ?? {};
  switch (field.type) {
    case 'integer': return +minimum >= -(2 ** 31) && +maximum < 2 ** 31 ? 'INTEGER' : 'BIGINT';
    case 'number': return 'DECIMAL(18,6)';
    case 'decimal': return `DECIMAL(${field.precision},${field.scale})`;
    // A column of `read_csv` has one format.
    case 'date': return otherFormats(field).length > 0 ? 'VARCHAR' : 'DATE';
    case 'datetime': return otherFormats(field).length > 0 ? 'VARCHAR' : 'TIMESTAMPTZ';
    case 'string':
    case 'boolean':
    case 'time':
    case 'year':
    case 'yearmonth':
    case 'duration':
    case 'object':
    case 'array':
    case 'list':
    case 'geopoint':
    case 'geojson':
    case 'any':
    case undefined: return 'VARCHAR';
  }
}

/** The formats that a cast does not know. */
function otherFormats({ formats = [] }: Field): string[] {
  return formats.filter((format) => format !== 'default' && format !== '%Y-%m-%d %H:%M:%S');
}

function typedValue(field: Field): string {
  const others = otherFormats(field);
  const column = name(field);
  if (field.type === 'datetime') {
    // Only TIMESTAMPTZ heeds offsets; through its microseconds the way to UTC is the shortest.
    const ownFormat = `make_timestamp(epoch_us(${others.length > 0 ? `TRY_CAST(${column} AS TIMESTAMPTZ)` : column}))`;
    return coalesce([ownFormat, ...others.map((format) => `try_strptime(${column}, ${text(format)})`)]);
  }
  if (field.type === 'date' && others.length > 0) {
    return coalesce([`TRY_CAST(${column} AS DATE)`, ...others.map((format) => `try_strptime(${column}, ${text(format)})::DATE`)]);
  }
  return column;
}

function coalesce(values: readonly string[]): string {
  return values.length === 1 ? values[0] : `coalesce(${values.join(', ')})`;
}

function fieldConditions(field: Field): string[] {
  const { required = false, pattern, enum: values, minLength, maxLength, minimum, maximum } = field.constraints ?? {};
  const value = typedValue(field);
  const limit = (bound: string | number) => `${text(bound)}::${field.type === 'date' ? 'DATE' : columnType(field)}`;
  const checks = [
    pattern !== undefined ? `regexp_full_match(${value}, ${text(pattern)})` : undefined,
    values !== undefined ? `${value} IN (${values.map(text).join(', ')})` : undefined,
    minLength !== undefined ? `length(${value}) >= ${minLength}` : undefined,
    maxLength !== undefined ? `length(${value}) <= ${maxLength}` : undefined,
    minimum !== undefined ? `${value} >= ${limit(minimum)}` : undefined,
    maximum !== undefined ? `${value} <= ${limit(maximum)}` : undefined,
    otherFormats(field).length > 0 ? `${value} IS NOT NULL` : undefined,
  ].filter((check) => check !== undefined);
  // A condition on NULL is not true: the record would not be written.
  if (required) return [...checks, `${name(field)} IS NOT NULL`];
  return checks.length === 0 ? [] : [`(${name(field)} IS NULL OR (${checks.join(' AND ')}))`];
}

function outputValue(field: Field): string {
  switch (field.type) {
    case 'datetime': return `strftime(${typedValue(field)}, '%Y-%m-%dT%H:%M:%S.%gZ')`;
    case 'decimal': return `${name(field)}::VARCHAR`;
    case 'string':
    case 'integer':
    case 'number':
    case 'boolean':
    case 'date':
    case 'time':
    case 'year':
    case 'yearmonth':
    case 'duration':
    case 'object':
    case 'array':
    case 'list':
    case 'geopoint':
    case 'geojson':
    case 'any':
    case undefined: return typedValue(field);
  }
}
