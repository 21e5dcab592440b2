import { checkDialect, Dialect } from '../spec/dialect';
import { dropUndefined } from '../synth/drop-undefined';
import { checkDescriptorKnown } from '../synth/prop-checks';
import { checkObject } from '../synth/prop-types';
import { readJsonFile } from '../user-files/json-file';

/**
 * How files of JSON are written: the part of Frictionless Table Dialect that concerns JSON, names verbatim.
 *
 * @see https://datapackage.org/standard/table-dialect/
 */
export interface JsonDialectOptions {
  /**
   * The file is one object, and under this property of it stands the array of records: `data` for `{"data":[…]}`.
   * Several names with points between them lead from the outer object to the inner one: `response.items`.
   *
   * @default - the file is the array
   */
  readonly property?: string;
}

/** How files of JSON are written. */
export class JsonDialect {
  /**
   * A dialect from its options; what is left out has the default.
   *
   * @throws when an option is not possible, with what was expected and what came.
   */
  public static fromOptions(options: JsonDialectOptions): JsonDialect {
    return new JsonDialect(dropUndefined({ property: checkObject('options', options).property }));
  }

  /**
   * A dialect from a Frictionless Table Dialect in a JSON file, read at synth.
   *
   * @param path absolute, or relative to the working directory.
   */
  public static fromFile(path: string): JsonDialect {
    return new JsonDialect(readJsonFile(path, 'a Table Dialect file (JSON)'));
  }

  /** @internal */
  public readonly _descriptor: Dialect;

  private constructor(descriptor: unknown) {
    checkDescriptorKnown('dialect', descriptor);
    this._descriptor = checkDialect(descriptor);
  }
}
