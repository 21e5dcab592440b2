import { Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { checkDurationType, checkIsA, checkOneOf, checkSizeType, describe } from './prop-checks';

/**
 * What a value is, before what it may be: JavaScript callers can pass anything, and a token gets its value at
 * deployment, when it is too late for what is checked here or goes into the code asset.
 *
 * @throws Error that names the prop, what was expected and what came
 */
export type TypeCheck = (prop: string, value: unknown) => void;

export const isText: TypeCheck = (prop, value) => {
  if (typeof value !== 'string') fail(prop, 'be a text', value);
  checkKnown(prop, value);
};

/** Where only the template has it. */
export const isTextOrToken: TypeCheck = (prop, value) => {
  if (typeof value !== 'string') fail(prop, 'be a text', value);
};

export const isNumber: TypeCheck = (prop, value) => {
  if (typeof value !== 'number') fail(prop, 'be a number', value);
  checkKnown(prop, value);
};

export const isFlag: TypeCheck = (prop, value) => {
  if (typeof value !== 'boolean') fail(prop, 'be true or false', value);
};

export const isSize: TypeCheck = checkSizeType;

export const isDuration: TypeCheck = checkDurationType;

/** @param values of an enum of the CDK's */
export function isOneOf(name: string, values: object): TypeCheck {
  return (prop, value) => {
    if (!Object.values(values).includes(value) || (typeof value === 'string' && value in values)) fail(prop, `be one of ${name}`, value);
  };
}

/** @param words an enum of the library's */
export function isWord(words: Readonly<Record<string, string>>): TypeCheck {
  return (prop, value) => checkOneOf(prop, value as string, Object.values(words));
}

/** An instance of a class of the library. */
export function isMadeBy<T extends object>(type: { readonly name: string; readonly prototype: T }): TypeCheck {
  return (prop, value) => void checkIsA(type, prop, value as T);
}

/** For interfaces, and types of the CDK, of which an app may have another copy. @param members that no other type has */
export function isWith(members: string | readonly string[], expected: string): TypeCheck {
  return (prop, value) => {
    const has = typeof value === 'object' && value !== null && [members].flat().every((member) => member in value);
    if (!has) fail(prop, `be ${expected}`, value);
  };
}

/** The same, for what the library calls. */
export function isDoing(method: string, expected: string): TypeCheck {
  return (prop, value) => {
    if (typeof value !== 'object' || value === null || typeof (value as Record<string, unknown>)[method] !== 'function') fail(prop, `be ${expected}`, value);
  };
}

const isGrantable = isWith('grantPrincipal', 'a role, user, group, account or whatever else can be granted something (iam.IGrantable)');

export function checkGrantee(grantee: iam.IGrantable): iam.IGrantable {
  isGrantable('grantee', grantee);
  return grantee;
}

export function isListOf(isItem: TypeCheck): TypeCheck {
  return (prop, value) => {
    if (!Array.isArray(value)) return fail(prop, 'be a list', value);
    checkKnown(prop, value);
    value.forEach((item: unknown, index) => isItem(`${prop}[${index}]`, item));
  };
}

/** An object whose values, under whatever names, pass the check. */
export function isMapOf(isValue: TypeCheck): TypeCheck {
  return (prop, value) => Object.entries(checkObject(prop, value) as object).forEach(([name, item]) => isValue(`${prop}.${name}`, item));
}

/** A check for each property; what is left out is not there to be checked. */
export function isStruct(properties: Readonly<Record<string, TypeCheck>>): TypeCheck {
  return (prop, value) => checkProperties(checkObject(prop, value) as object, properties, `${prop}.`);
}

/** The same, where there are no others. */
export function isStructOf(properties: Readonly<Record<string, TypeCheck>>): TypeCheck {
  return (prop, value) => {
    checkNoOthers(prop, value, Object.keys(properties));
    isStruct(properties)(prop, value);
  };
}

export function checkNoOthers(prop: string, value: unknown, names: readonly string[]): void {
  const unknown = unknownNames(checkObject(prop, value) as object, Object.fromEntries(names.map((name) => [name, true])));
  if (unknown.length > 0) throw new Error(`${prop} must have no other properties than ${names.join(', ')}, got ${unknown.join(', ')}`);
}

/** Names that a caller in JavaScript has misspelt, or made up. */
export function unknownNames(struct: object, properties: object): string[] {
  return Object.keys(struct).filter((name) => !(name in properties));
}

/** @param path before each name */
export function checkProperties(struct: object, properties: Readonly<Record<string, TypeCheck>>, path = ''): void {
  for (const [name, isRight] of Object.entries(properties)) {
    const value = (struct as Record<string, unknown>)[name];
    if (value !== undefined) isRight(path + name, value);
  }
}

export function checkObject<T>(prop: string, value: T): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || Token.isUnresolved(value)) fail(prop, 'be an object', value);
  return value;
}

function checkKnown(prop: string, value: unknown): void {
  if (Token.isUnresolved(value)) throw new Error(`${prop} must be known at synth, got a token`);
}

function fail(prop: string, expected: string, value: unknown): never {
  throw new Error(`${prop} must ${expected}, got ${describe(value)}`);
}
