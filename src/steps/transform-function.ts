/**
 * A transform that is a Lambda function of the user's: records go to it in batches as JSON, and each of its answers is
 * checked.
 */
import { REJECT_KEY } from '../contract/transform-contract';
import { inParallel } from '../engine/io/in-parallel';
import { readElements } from '../engine/json/json-elements';
import { JsonFault, JsonText, JsonValue, readJsonObject } from '../engine/json/json-object';
import { AnswerReader, shortMessage } from '../engine/transform/answer-reader';
import { toJson } from '../engine/transform/record-object';
import { Transform, TransformAnswer, Values } from '../engine/transform/transform';
import { Invoke } from '../ports/user-code';
import { OutputColumn } from '../spec/output-columns';

const MIB = 1024 * 1024;
/** Lambda takes and gives 6 MB: so an answer may be twice as large as its request. */
export const MAX_REQUEST_BYTES = 3 * MIB;
/** Calls of one worker at a time. */
const CALLS_IN_FLIGHT = 4;
/** Lambda's error where the answer has more than 6 MB. */
const ANSWER_TOO_LARGE = 'Function.ResponseSizeTooLarge';

const REQUEST_START = '{"records":[';
const REQUEST_END = ']}';

/** A record on its way to the function. */
interface Item {
  /** Among the records that were handed over. */
  readonly index: number;
  readonly json: string;
}

export class FunctionTransform implements Transform {
  readonly batchRecords: number;
  readonly batchBytes = 16 * MIB;

  /**
   * @param columns of the records that it is given
   * @param batchSize records in a call at most
   */
  constructor(private readonly invoke: Invoke, private readonly columns: readonly OutputColumn[], private readonly answers: AnswerReader,
    private readonly batchSize: number) {
    this.batchRecords = CALLS_IN_FLIGHT * batchSize;
  }

  async apply(records: readonly Values[]): Promise<readonly TransformAnswer[]> {
    const answers = new Array<TransformAnswer | undefined>(records.length).fill(undefined);
    await inParallel(this.batches(records, answers), CALLS_IN_FLIGHT, async (batch) => this.answer(batch, answers));
    return answers.map((answer, index) => {
      // Null is an answer: the record is filtered.
      if (answer === undefined) throw new Error(`internal: expected an answer to each of ${records.length} records, got none to the record at ${index}`);
      return answer;
    });
  }

  /** @param answers takes the rejects of the records that are too large to be sent */
  private* batches(records: readonly Values[], answers: Array<TransformAnswer | undefined>): Iterable<readonly Item[]> {
    let batch: Item[] = [];
    let bytes = 0;
    for (const [index, values] of records.entries()) {
      const json = toJson(this.columns, values);
      const size = Buffer.byteLength(json);
      if (size > MAX_REQUEST_BYTES) {
        answers[index] = { message: `a record must have at most ${MAX_REQUEST_BYTES} bytes as JSON to be sent to the transform function, this one has ${size}` };
        continue;
      }
      if (batch.length === this.batchSize || bytes + size > MAX_REQUEST_BYTES) {
        yield batch;
        batch = [];
        bytes = 0;
      }
      batch.push({ index, json });
      bytes += size + ','.length;
    }
    if (batch.length > 0) yield batch;
  }

  private async answer(batch: readonly Item[], answers: Array<TransformAnswer | undefined>): Promise<void> {
    const { hasFailed, answer } = await this.invoke(REQUEST_START + batch.map(({ json }) => json).join(',') + REQUEST_END);
    if (hasFailed) {
      await this.afterFailure(batch, answer, answers);
      return;
    }
    const elements = readElements(answer, 'records');
    if (elements instanceof JsonFault) throw new Error(`expected the transform function to answer {"records": [ … ]}, got ${elements.got}`);
    if (elements.length !== batch.length) {
      throw new Error(`expected the transform function to answer with one element for each of ${batch.length} records, got ${elements.length}`);
    }
    batch.forEach(({ index }, position) => { answers[index] = this.answerOf(elements[position]); });
  }

  /** Half as many records have an answer that is half as large; any other failure is to be tried again. */
  private async afterFailure(batch: readonly Item[], answer: string, answers: Array<TransformAnswer | undefined>): Promise<void> {
    const { errorType = 'an error', errorMessage = answer } = errorOf(answer);
    if (errorType !== ANSWER_TOO_LARGE) throw new Error(`the transform function has failed with ${errorType}: ${shortMessage(errorMessage)}`);
    if (batch.length === 1) {
      answers[batch[0].index] = { message: `the transform function's answer to this record is too large: ${shortMessage(errorMessage)}` };
      return;
    }
    const half = Math.ceil(batch.length / 2);
    await this.answer(batch.slice(0, half), answers);
    await this.answer(batch.slice(half), answers);
  }

  private answerOf(element: string): TransformAnswer {
    if (element === 'null') return null;
    const members = readJsonObject(element);
    if (members instanceof JsonFault) return { message: `expected the transform function to answer with an object or null for each record, got ${members.got}` };
    const reject = members.find(([key]) => key === REJECT_KEY);
    if (reject === undefined) return this.answers.readMembers(members);
    const [, message] = reject;
    if (typeof message !== 'string') return { message: `expected the transform function to give a text as ${REJECT_KEY}, got ${shortMessage(jsonOf(message))}` };
    return this.answers.reject(message, members.find(([key]) => key === 'column')?.[1]);
  }
}

function jsonOf(value: JsonValue): string {
  return value instanceof JsonText ? value.text : JSON.stringify(value);
}

/** Lambda's error of a function: `{"errorType": …, "errorMessage": …}`. */
function errorOf(answer: string): { readonly errorType?: string; readonly errorMessage?: string } {
  const members = readJsonObject(answer);
  if (members instanceof JsonFault) return {};
  const texts = members.filter((member): member is readonly [string, string] => typeof member[1] === 'string');
  return Object.fromEntries(texts);
}
