import { EXTRA, HeaderMisfit, HeaderProblem, matchHeader, namesOf } from './header-layout';
import { fieldsMatchOf, FieldsMatchName, Schema } from '../../spec/schema';
import { shortened, visibleBeginning, visibleJson, withoutInvisible } from '../../spec/visible-text';
import { FileError } from '../model/errors';

/** Longest header that a message repeats. */
const SHOWN = 300;
/** Longest single name, and most faults, that it tells of one by one. */
const SHOWN_NAME = 100;
const SHOWN_FAULTS = 4;

const EXPECTED: Readonly<Record<FieldsMatchName, (names: string) => string>> = {
  exact: (names) => `a header line with the fields ${names}`,
  equal: (names) => `a header line with the fields ${names} in any order`,
  subset: (names) => `a header line with at least the fields ${names} in any order`,
  superset: (names) => `a header line with no fields but ${names} in any order`,
  partial: (names) => `a header line with at least one of the fields ${names}`,
};

/** What messages put after "expected". */
export function expectedHeader(schema: Schema): string {
  return EXPECTED[fieldsMatchOf(schema)](shown(schema.fields.map(({ name }) => name)));
}

/**
 * @param names as the file has them
 * @param isRecord whether these would be valid as a record
 * @param place where they stand in the file
 * @throws FileError `header_mismatch`
 */
export function checkHeaderNames(schema: Schema, names: readonly string[], isRecord: boolean, place: string): void {
  const match = matchHeader(schema, names);
  if (!('kind' in match)) return;
  const policy = fittingPolicy(schema, names);
  throw headerMismatch(schema, describe(schema, names, match, isRecord, place) + (policy === undefined ? '' : `; ${policy} in the schema takes it`));
}

/** From the one that asks for most to the one that asks for least. */
const POLICIES: ReadonlyArray<readonly [told: string, policy: Pick<Schema, 'headerCase' | 'fieldsMatch' | 'trim'>]> = [
  ['headerCase false', { headerCase: false }],
  ['trim true', { trim: true }],
  ['fieldsMatch "equal"', { fieldsMatch: 'equal' }],
  ['fieldsMatch "subset"', { fieldsMatch: 'subset' }],
];

/** What else the schema could say of a header, so that this one fits. */
function fittingPolicy(schema: Schema, names: readonly string[]): string | undefined {
  return POLICIES.find(([, policy]) => !('kind' in matchHeader({ ...schema, ...policy }, names)))?.[0];
}

/**
 * What came where the header was looked for by its names.
 *
 * @param lines by their place; what could not be read is left out
 * @param count how many were looked at
 */
export function headerNotFound(schema: Schema, lines: ReadonlyArray<readonly string[]>, count: number): string {
  const isName = nameOf(schema);
  const known = (names: readonly string[]) => names.filter(isName).length;
  const nearest = [...lines.keys()].reduce((best, line) => known(lines[line] ?? []) > known(lines[best] ?? []) ? line : best, 0);
  const names = lines[nearest] ?? [];
  const match = matchHeader(schema, names);
  const place = `line ${nearest + 1} of them`;
  const told = known(names) === 0 || !('kind' in match) ? 'none of them has one of these names' : `${place} comes nearest: ${describe(schema, names, match, true, place)}`;
  return `it is none of the first ${count} lines (headerSearchLines): ${told}`;
}

export function headerMismatch(schema: Schema, got: string): FileError {
  return new FileError('header_mismatch', `expected ${expectedHeader(schema)}; ${got}`);
}

/**
 * What stands in the header's place may be data, which no message repeats. Where the line would be valid as a record,
 * only names of the schema are told, and a name that comes twice beside one of them; where it has none of these names,
 * only places are told.
 */
function describe(schema: Schema, names: readonly string[], problem: HeaderProblem, isRecord: boolean, place: string): string {
  const known = names.filter(nameOf(schema)).length;
  if (known === 0) return describeUnknown(names, problem, place);
  const teller = new Teller(schema, names, !isRecord || known === names.length, place);
  return teller.tell(problem);
}

/** Describes a line of which nobody can tell whether it is data or a header. */
function describeUnknown(names: readonly string[], problem: HeaderProblem, place: string): string {
  const fields = names.length === 1 ? 'one field (is the delimiter another one?)' : `${names.length} fields`;
  const twice = problem.kind === 'duplicate' ? ` (fields ${problem.first + 1} and ${problem.second + 1} are the same name)` : '';
  return `${place} names none of them: it has ${fields}${twice}, and is either a record (then declare header false) or a header of other names (then declare them as aliases)`;
}

class Teller {
  /** @param shows whether names that the schema does not have may be repeated */
  constructor(private readonly schema: Schema, private readonly names: readonly string[], private readonly shows: boolean,
    private readonly place: string) {}

  tell(problem: HeaderProblem): string {
    const problems = this.problem(problem);
    return this.shows ? `got ${shown(this.names)}: ${problems}` : problems;
  }

  private problem(problem: HeaderProblem): string {
    switch (problem.kind) {
      case 'wrong-place':
        return list(problem.columns.map((column) => this.wrongPlace(column)));
      case 'misfit':
        return list(this.misfit(problem));
      case 'duplicate':
        return this.duplicate(problem.first, problem.second, problem.field);
      case 'none-known':
        return 'none of them is there in its letter case';
    }
  }

  private wrongPlace(column: number): string {
    const expected = quoted(this.schema.fields[column].name);
    return this.shows ? `field ${column + 1} is ${this.name(column)} and should be ${expected}` : `field ${column + 1} of ${this.place} is not ${expected}`;
  }

  private misfit({ missing, extra, renamed = [], late }: HeaderMisfit): string[] {
    return [
      ...renamed.map((column) => this.wrongPlace(column)),
      ...missing.map((field) => {
        const { name, constraints } = this.schema.fields[field];
        return `${quoted(name)} is missing${constraints?.required === true ? ', which is required' : ''}`;
      }),
      ...extra.map((column) => this.shows ? `field ${column + 1} is ${this.name(column)}, which is none of them` : `field ${column + 1} of ${this.place} is none of them`),
      // Both are names of the schema.
      ...late === undefined ? [] : [`field ${late + 1} is ${this.name(late)}, which should come earlier`],
    ];
  }

  private duplicate(first: number, second: number, field: number): string {
    const { names } = this;
    const places = (column: number) => `${column + 1}${names[first] === names[second] ? '' : ` (${this.name(column)})`}`;
    const same = names[first] === names[second] ? `both ${this.name(first)}` : `two names of one ${field === EXTRA ? 'column' : 'field'}`;
    return `fields ${places(first)} and ${places(second)} are ${same}`;
  }

  private name(column: number): string {
    return quoted(this.names[column]);
  }
}

function list(faults: readonly string[]): string {
  const more = faults.length - SHOWN_FAULTS;
  return [...faults.slice(0, SHOWN_FAULTS), ...more > 0 ? [`and ${more} more`] : []].join('; ');
}

/** Ignores letter case, and what cannot be seen: a name that differs by these alone is worth telling. */
function nameOf(schema: Schema): (text: string) => boolean {
  const look = (name: string) => withoutInvisible(name).toLowerCase();
  const looks = new Set(schema.fields.flatMap(namesOf).map(look));
  return (text) => looks.has(look(text));
}

function shown(names: readonly string[]): string {
  const text = visibleBeginning(names.join(','), SHOWN);
  return text.length <= SHOWN ? text : `${text} (${names.length} fields)`;
}

/** A message is stored and sent, and a name may be huge. */
function quoted(name: string): string {
  return visibleJson(shortened(name, SHOWN_NAME));
}
