import { Annotations } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { checkObject, checkProperties, TypeCheck, unknownNames } from './prop-types';

/** A check for each property of a struct: one without does not compile. */
export type TypesOf<Struct> = Readonly<Record<keyof Struct, TypeCheck>>;

/**
 * Holds that the props are of their types, which no compiler says to callers in JavaScript.
 *
 * @param required without which there is nothing to do
 * @throws Error that names the prop, what was expected and what came
 */
export function checkGivenProps<Props extends object>(props: Props, types: TypesOf<Props>, required: ReadonlyArray<keyof Props & string>): void {
  checkObject('props', props);
  for (const name of required) types[name](name, props[name]);
  checkProperties(props, types);
}

/** Props of a construct of the user's own may be handed on with those of this one among them: it is no error. */
export function warnOfUnknownProps<Props extends object>(scope: Construct, what: string, props: Props, types: TypesOf<Props>): void {
  const unknown = unknownNames(props, types);
  if (unknown.length === 0) return;
  Annotations.of(scope).addWarningV2('cdk-csv-chunk-pipeline:unknownProps', `${what} has no props of these names, and does nothing by them: ${unknown.join(', ')}`);
}
