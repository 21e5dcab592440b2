import { JobPlan } from './job-plan';
import { FunctionTransform } from './transform-function';
import { Format } from '../engine/format/format';
import { AnswerReader } from '../engine/transform/answer-reader';
import { ModuleTransform } from '../engine/transform/module-transform';
import { Transform } from '../engine/transform/transform';
import { UserCode } from '../ports/user-code';

/** The user's own step of a job; undefined where it has none. */
export async function openTransform({ contract, format }: Pick<JobPlan, 'contract'> & { readonly format: Format },
  userCode: UserCode): Promise<Transform | undefined> {
  const { transform } = contract;
  if (transform === undefined) return undefined;
  const answers = new AnswerReader(format.settings.schema, format.outputSchema);
  return transform.kind === 'module'
    ? new ModuleTransform(await userCode.load(transform), format.recordColumns, answers)
    : new FunctionTransform(userCode.invoke, format.recordColumns, answers, transform.batchSize);
}
