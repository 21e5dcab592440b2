import { compileType } from './compile-type';
import { LiteralKind, ValueType } from './value-type';
import { allowedValuesOf, Constraints, Field } from '../../spec/schema';
import { shortened, visibleBeginning, visibleJson } from '../../spec/visible-text';
import { compilePattern, TextTooLong } from '../pattern/compile-pattern';

/**
 * Checks a value by its original text and its JSON text. Returns what the value must be, or undefined where it is that.
 */
export type ConstraintCheck = (text: string, json: string) => string | undefined;

/**
 * The checks of a field's constraints, except `required`. The cheapest comes first; only the first fault of a value is
 * told.
 *
 * Limits and `enum` are compared by value. Their texts are read in canonical form (`1234.5`, `2024-05-01`), else by the
 * field's own format, so that `1.234,5` and `01.05.2024` may stand in a schema whose file is written so.
 */
export function compileConstraints(field: Field, type: ValueType): ConstraintCheck[] {
  const constraints = field.constraints ?? {};
  return [
    ...type.size === undefined ? lengthChecks(constraints) : sizeChecks(constraints, type.size),
    ...patternChecks(constraints),
    ...limitChecks(field, constraints),
    ...enumChecks(field, type),
  ];
}

function sizeChecks({ minLength, maxLength }: Constraints, { unit, of }: NonNullable<ValueType['size']>): ConstraintCheck[] {
  const checks: ConstraintCheck[] = [];
  if (minLength !== undefined) checks.push((_, json) => of(json) >= minLength ? undefined : `have at least ${minLength} ${unit} (minLength)`);
  if (maxLength !== undefined) checks.push((_, json) => of(json) <= maxLength ? undefined : `have at most ${maxLength} ${unit} (maxLength)`);
  return checks;
}

function lengthChecks({ minLength, maxLength }: Constraints): ConstraintCheck[] {
  const checks: ConstraintCheck[] = [];
  // A text has between half as many and as many code points as UTF-16 units, so they seldom have to be counted.
  if (minLength !== undefined) {
    const fault = `have at least ${minLength} characters (minLength)`;
    checks.push((text) => text.length >= minLength * 2 || codePoints(text) >= minLength ? undefined : fault);
  }
  if (maxLength !== undefined) {
    const fault = `have at most ${maxLength} characters (maxLength)`;
    checks.push((text) => text.length <= maxLength || codePoints(text) <= maxLength ? undefined : fault);
  }
  return checks;
}

function codePoints(text: string): number {
  let count = text.length;
  for (let index = 0; index < text.length; index++) {
    if ((text.charCodeAt(index) & 0xfc00) === 0xdc00) {
      count--; // the second half of a pair
    }
  }
  return count;
}

/** What the schema holds is of any length, and each reject repeats it. */
const MOST_OF_A_PATTERN = 300;
const MOST_OF_A_VALUE = 100;

function patternChecks({ pattern }: Constraints): ConstraintCheck[] {
  if (pattern === undefined) {
    return [];
  }
  const matches = compilePattern(pattern);
  const fault = `match ${visibleBeginning(pattern, MOST_OF_A_PATTERN)} (pattern)`;
  return [(text) => {
    try {
      return matches(text) ? undefined : fault;
    } catch (error) {
      if (error instanceof TextTooLong) return `be shorter than its ${text.length} characters, for which JavaScript has no memory, to ${fault}`;
      throw error;
    }
  }];
}

/** What has no order to a limit does not keep it. */
const LIMITS = {
  minimum: { sign: 1, isKept: (order: number) => order >= 0, expected: 'at least' },
  exclusiveMinimum: { sign: 1, isKept: (order: number) => order > 0, expected: 'more than' },
  maximum: { sign: -1, isKept: (order: number) => order <= 0, expected: 'at most' },
  exclusiveMaximum: { sign: -1, isKept: (order: number) => order < 0, expected: 'less than' },
} as const;
type Limit = keyof typeof LIMITS;

function limitChecks(field: Field, constraints: Constraints): ConstraintCheck[] {
  const names = (Object.keys(LIMITS) as Limit[]).filter((name) => constraints[name] !== undefined);
  if (names.length === 0) {
    return [];
  }
  const reader = limitReader(field);
  const compare = reader.type.compare;
  if (compare === undefined) {
    throw new Error(`minimum and maximum must not be on a field of type ${field.type ?? 'string'}, which has no order`);
  }
  const limits = names.map((name) => ({ name, given: constraints[name]!, json: reader.read(name, constraints[name]!) }));
  for (const lower of limits.filter(({ name }) => LIMITS[name].sign > 0)) {
    for (const upper of limits.filter(({ name }) => LIMITS[name].sign < 0)) {
      const areBothIncluded = lower.name === 'minimum' && upper.name === 'maximum';
      if (compare(lower.json, upper.json) >= (areBothIncluded ? 1 : 0)) {
        throw new Error(`${lower.name} must be ${areBothIncluded ? 'at most' : 'less than'} ${upper.name}, which is ${upper.given}, got ${JSON.stringify(lower.given)}`);
      }
    }
  }
  return limits.map(({ name, given, json: limit }) => {
    const { isKept, expected } = LIMITS[name];
    const fault = `be ${expected} ${given} (${name})`;
    return (_, json) => isKept(compare(json, limit)) ? undefined : fault;
  });
}

/** A limit's JSON text, as it is compared with those of the values. */
export function limitOf(field: Field, constraint: 'minimum' | 'maximum'): string | undefined {
  const limit = field.constraints?.[constraint];
  return limit === undefined ? undefined : limitReader(field).read(constraint, limit);
}

function limitReader(field: Field): ConstantReader {
  // A limit may have more digits than the values: with a scale of 2, a minimum of 0.001 refuses the values up to 0.00.
  return new ConstantReader({ ...field, precision: undefined, scale: undefined });
}

const MOST_VALUES_TOLD = 10;

function enumChecks(field: Field, type: ValueType): ConstraintCheck[] {
  const given = allowedValuesOf(field);
  if (given === undefined) {
    return [];
  }
  const { values, property } = given;
  const reader = new ConstantReader(field);
  const identity = type.identity ?? ((json: string) => json);
  const allowed = new Set(values.map((value) => identity(reader.read(property, value))));
  const told = values.slice(0, MOST_VALUES_TOLD).map((value) => shortened(visibleJson(value), MOST_OF_A_VALUE)).join(', ');
  const fault = `be one of ${told}${values.length > MOST_VALUES_TOLD ? `, … (${values.length} values)` : ''} (${property})`;
  return [(_, json) => allowed.has(identity(json)) ? undefined : fault];
}

/** Reads the values that stand in the schema itself. */
class ConstantReader {
  /** The field's type, reading canonical forms. */
  readonly type: ValueType;
  private readonly ownType: ValueType;

  constructor(private readonly field: Field) {
    const { name, type, timezone, precision, scale, itemType, delimiter } = field;
    this.type = compileType({ name, type, timezone, precision, scale, itemType, delimiter });
    this.ownType = compileType(field);
  }

  /** A value's JSON text. Throws on a value that the field's type does not have. */
  read(constraint: string, value: string | number | boolean | object): string {
    const json = typeof value === 'string' ? this.type.read(value) ?? this.ownType.read(value) : this.readLiteral(value);
    if (json === undefined) {
      throw new Error(`${constraint} must be ${this.type.expected}, got ${visibleJson(value)}`);
    }
    return json;
  }

  private readLiteral(value: number | boolean | object): string | undefined {
    const literal = JSON.stringify(value);
    // A geographic point has a form of its own for each format.
    if (this.ownType.readLiteral !== undefined) return this.ownType.readLiteral(kindOf(value), literal);
    return this.field.type === 'boolean' ? literal : this.type.read(literal);
  }
}

function kindOf(value: number | boolean | object): LiteralKind {
  if (typeof value !== 'object') return typeof value as 'number' | 'boolean';
  return Array.isArray(value) ? 'array' : 'object';
}
