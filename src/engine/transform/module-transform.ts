import { AnswerReader } from './answer-reader';
import { toObject } from './record-object';
import { Transform, TransformAnswer, Values } from './transform';
import { OutputColumn } from '../../spec/output-columns';

const KIB = 1024;

/** The second argument of a user's function. */
export interface TransformContext {
  /**
   * Refuses the record: it goes to the quarantine with this message, whatever the function returns.
   *
   * @param column the field to blame; default: the record as a whole
   */
  reject(message: string, column?: string): null;
}

/** A record, or null for one that is to be left out; or a promise of it. */
export type UserFunction = (record: Record<string, unknown>, context: TransformContext) => unknown;

/** A user's function in this process: one record after the other. What it throws is the record's fault. */
export class ModuleTransform implements Transform {
  readonly batchRecords = 1000;
  readonly batchBytes = 1024 * KIB;

  /** @param columns of the records that it is given */
  constructor(private readonly userFunction: UserFunction, private readonly columns: readonly OutputColumn[],
    private readonly answers: AnswerReader) {}

  async apply(records: readonly Values[]): Promise<readonly TransformAnswer[]> {
    const answers: TransformAnswer[] = [];
    for (const values of records) answers.push(await this.answer(values));
    return answers;
  }

  private async answer(values: Values): Promise<TransformAnswer> {
    let rejected: { readonly message: unknown; readonly column: unknown } | undefined;
    const reject = (message: unknown, column?: unknown) => {
      rejected ??= { message, column };
      return null;
    };
    let answer: TransformAnswer;
    try {
      const returned = this.userFunction(toObject(this.columns, values), { reject });
      // Awaiting what is not a promise would cost a turn of the event loop for each record.
      answer = this.answers.read(isPromise(returned) ? await returned : returned);
    } catch (error) {
      answer = this.answers.reject(messageOf(error));
    }
    return rejected === undefined ? answer : this.answers.reject(messageOf(rejected.message), rejected.column);
  }
}

export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

/** A text for whatever a user's function throws, or gives as a message. */
function messageOf(thrown: unknown): string {
  try {
    const { message, name } = thrown instanceof Object ? thrown as Partial<Error> : {};
    return String(message ?? thrown) || String(name ?? '');
  } catch {
    return 'something was thrown that has no text';
  }
}
