import { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { Parameters } from './polluted-file';
import { Loaded, System } from './system';

/** The named arguments of `read_csv`, as SQL. */
type ReadArguments = Readonly<Record<string, string>>;

export function duckdbSystem(name: string, argumentsOf: (parameters: Parameters) => ReadArguments): System {
  let instance: Promise<DuckDBInstance> | undefined;
  return {
    name,
    load: async ({ path, parameters }) => {
      // The tables of rejects are the connection's own.
      const connection = await (await (instance ??= DuckDBInstance.create(':memory:', { threads: '1' }))).connect();
      try {
        return await load(connection, path, argumentsOf(parameters));
      } catch (error) {
        return { refused: (error as Error).message };
      } finally {
        connection.closeSync();
      }
    },
  };
}

async function load(connection: DuckDBConnection, file: string, readArguments: ReadArguments): Promise<Loaded> {
  const list = [quote(file), ...Object.entries(readArguments).map(([name, value]) => `${name} = ${value}`)].join(', ');
  const reader = await connection.runAndReadAll(`SELECT * FROM read_csv(${list})`);
  const records = reader.getRowsJson().map((row) => row.map((value) => value === null ? '' : String(value)));
  return { rows: [reader.columnNames(), ...records], rejectedLines: 'store_rejects' in readArguments ? await rejectedLines(connection) : 0 };
}

/** A record with several errors has several rows. */
async function rejectedLines(connection: DuckDBConnection): Promise<number> {
  const reader = await connection.runAndReadAll('SELECT DISTINCT ON (line_byte_position) csv_line FROM reject_errors');
  return reader.getRowsJson().reduce((sum, [line]) => sum + String(line).trimEnd().split('\n').length, 0);
}

const quote = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** What Pollock's script for DuckDB makes of what it knows of a file. */
function declared({ delimiter, quoteChar, escapeChar = '"', headerLines, preambleLines, names }: Parameters): ReadArguments {
  return {
    auto_detect: 'false',
    delim: quote(delimiter),
    quote: quote(quoteChar),
    escape: quote(escapeChar),
    header: 'false',
    skip: String(preambleLines + headerLines),
    columns: `{${names.map((name) => `${quote(name)}: 'VARCHAR'`).join(', ')}}`,
  };
}

const LENIENT = { strict_mode: 'false', ignore_errors: 'true', null_padding: 'true' };

/** As Pollock has it. */
export const lenientArguments = (parameters: Parameters) => ({ ...declared(parameters), ...LENIENT });
/** As Pollock has it, where DuckDB is to find out all by itself. */
export const guessingArguments = () => LENIENT;
/** As an engine is to be used that shall lose nothing. */
export const strictArguments = (parameters: Parameters) => ({ ...declared(parameters), strict_mode: 'true', store_rejects: 'true', rejects_limit: '0' });
