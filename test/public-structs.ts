import * as fs from 'fs';
import * as path from 'path';
import * as ts from 'typescript';

const SRC = path.join(__dirname, '..', 'src');

export interface PublicProperty {
  /** `Struct.property`. */
  readonly name: string;
  readonly optional: boolean;
  /** The text of its `@default`. */
  readonly defaultText?: string;
}

/** Structs that the library hands out, and takes from nobody. */
const ANSWERS = ['ResourceDefaults', 'NamedResource'];

/**
 * The properties of the structs that the library exports, read from the source: `.jsii` may be older than it.
 *
 * @param isMeant by the file, such as `./around/job-alarms`
 */
export function publicProperties(isMeant: (file: string) => boolean): PublicProperty[] {
  const exported = fs.readFileSync(path.join(SRC, 'index.ts'), 'utf8');
  const files = [...exported.matchAll(/ from '(.+)';/g)].map(([, file]) => file).filter(isMeant).map((file) => `${file}.ts`);
  return files.flatMap((file) => {
    const source = ts.createSourceFile(file, fs.readFileSync(path.join(SRC, file), 'utf8'), ts.ScriptTarget.Latest, true);
    return source.statements.filter(ts.isInterfaceDeclaration)
      // An interface of jsii's with behaviour has an I before its name.
      .filter(({ name }) => !/^I[A-Z]/.test(name.text) && !ANSWERS.includes(name.text))
      .filter(({ name }) => new RegExp(`\\b${name.text}\\b`).test(exported))
      .flatMap((struct) => struct.members.filter(ts.isPropertySignature).map((property) => describeProperty(struct, property)));
  });
}

function describeProperty(struct: ts.InterfaceDeclaration, property: ts.PropertySignature): PublicProperty {
  const tag = ts.getJSDocTags(property).find(({ tagName }) => tagName.text === 'default');
  return {
    name: `${struct.name.text}.${property.name.getText()}`,
    optional: property.questionToken !== undefined,
    defaultText: tag && ts.getTextOfJSDocComment(tag.comment),
  };
}
