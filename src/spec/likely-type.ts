import { likelyName } from './property-names';

/** Types of databases, of programming languages and of JSON Schema, by what they are most likely meant to be. */
const MEANT: Readonly<Record<string, string>> = {
  'text': 'string',
  'str': 'string',
  'char': 'string',
  'varchar': 'string',
  'character varying': 'string',
  'nvarchar': 'string',
  'url': 'string',
  'uri': 'string',
  'email': 'string',
  'uuid': 'string',
  'category': 'string',
  'factor': 'string',
  'int': 'integer',
  'int32': 'integer',
  'int64': 'integer',
  'bigint': 'integer',
  'smallint': 'integer',
  'long': 'integer',
  'serial': 'integer',
  'bigserial': 'integer',
  'float': 'number',
  'float64': 'number',
  'double': 'number',
  'double precision': 'number',
  'real': 'number',
  'numeric': 'number',
  'money': 'decimal',
  'bool': 'boolean',
  'logical': 'boolean',
  'timestamp': 'datetime',
  'timestamptz': 'datetime',
  'date-time': 'datetime',
  'gyear': 'year',
  'gyearmonth': 'yearmonth',
  'json': 'object',
  'jsonb': 'object',
  'dict': 'object',
  'struct': 'object',
  'point': 'geopoint',
};

/** The type that a word is most likely meant to be; undefined: who knows. */
export function likelyType(word: unknown, types: readonly string[]): string | undefined {
  if (typeof word !== 'string' || word === '') return undefined;
  const meant = MEANT[word.toLowerCase().replace(/\(.*$/, '').trim()];
  return meant !== undefined && types.includes(meant) ? meant : likelyName(word, types);
}
