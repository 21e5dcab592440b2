import { FileError } from './errors';
import { EXTRA, fieldsMatchOf, HeaderProblem, matchHeader, namesOf } from './header-layout';
import { FieldsMatch, Schema } from './schema';

/** Longest header that a message repeats. */
const SHOWN = 300;

const EXPECTED: Readonly<Record<FieldsMatch, (names: string) => string>> = {
  exact: (names) => `a header line with the fields ${names}`,
  equal: (names) => `a header line with the fields ${names} in any order`,
  subset: (names) => `a header line with at least the fields ${names} in any order`,
  superset: (names) => `a header line with no fields but ${names} in any order`,
  partial: (names) => `a header line with at least one of the fields ${names}`,
};

/** To follow "expected". */
export function expectedHeader(schema: Schema): string {
  return EXPECTED[fieldsMatchOf(schema)](shown(schema.fields.map(({ name }) => name)));
}

/**
 * @param names as the file's first record has them
 * @param isRecord whether that would do as a record
 * @throws FileError `header_mismatch`
 */
export function checkHeaderNames(schema: Schema, names: readonly string[], isRecord: boolean): void {
  const match = matchHeader(schema, names);
  if (!('kind' in match)) return;
  throw headerMismatch(schema, describe(schema, names, match, isRecord));
}

export function headerMismatch(schema: Schema, got: string): FileError {
  return new FileError('header_mismatch', `expected ${expectedHeader(schema)}; ${got}`);
}

/** What stands in the header's place may be data, which no message repeats: only names of the schema are told for sure. */
function describe(schema: Schema, names: readonly string[], problem: HeaderProblem, isRecord: boolean): string {
  if (!names.some((name) => isNameOf(name, schema))) {
    if (isRecord) return 'the first line is a record: the header is missing';
    return `the first line names none of them: it has ${names.length === 1 ? 'one field (is the delimiter another one?)' : `${names.length} fields`}`;
  }
  return isRecord && !names.every((name) => isNameOf(name, schema)) ? describeUnshown(schema, names, problem) : `got ${shown(names)}: ${describeShown(schema, names, problem)}`;
}

function describeShown(schema: Schema, names: readonly string[], problem: HeaderProblem): string {
  const name = (column: number) => JSON.stringify(cut(names[column]));
  switch (problem.kind) {
    case 'wrong-place':
      return `field ${problem.column + 1} is ${name(problem.column)} and should be ${JSON.stringify(schema.fields[problem.column].name)}`;
    case 'extra':
      return `field ${problem.column + 1} is ${name(problem.column)}, which is none of them`;
    case 'duplicate': {
      const { first, second } = problem;
      return names[first] === names[second]
        ? `fields ${first + 1} and ${second + 1} are both ${name(first)}`
        : `fields ${first + 1} (${name(first)}) and ${second + 1} (${name(second)}) are two names of one field`;
    }
    default:
      return describeUnshown(schema, names, problem);
  }
}

function describeUnshown(schema: Schema, names: readonly string[], problem: HeaderProblem): string {
  switch (problem.kind) {
    case 'wrong-place':
      return `field ${problem.column + 1} of the first line is not ${JSON.stringify(schema.fields[problem.column].name)}`;
    case 'extra':
      return `field ${problem.column + 1} of the first line is none of them`;
    case 'duplicate': {
      const { first, second, field } = problem;
      return `fields ${first + 1} and ${second + 1} of the first line are ${field === EXTRA ? 'one name twice' : `both ${JSON.stringify(schema.fields[field].name)}`}`;
    }
    case 'missing': {
      const { name, constraints } = schema.fields[problem.field];
      return `${JSON.stringify(name)} is missing${constraints?.required === true ? ', which is required' : ''}`;
    }
    case 'wrong-count':
      return `${names.length} fields and not ${schema.fields.length}`;
    case 'none-known':
      return 'none of them is there in its letter case';
  }
}

/** Letter case aside: a name in the wrong case is worth to be told. */
function isNameOf(text: string, schema: Schema): boolean {
  return schema.fields.some((field) => namesOf(field).some((name) => name.toLowerCase() === text.trim().toLowerCase()));
}

function shown(names: readonly string[]): string {
  const text = names.join(',');
  return text.length <= SHOWN ? text : `${cut(text)} (${names.length} fields)`;
}

/** A message is stored and sent, and whatever came may be huge. */
function cut(text: string): string {
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`;
}
