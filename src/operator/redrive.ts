/** `redrive`: what could not be delivered is put back to work, and deleted only then. */
import { DeadLetterKind, kindOf } from './dead-letter-kinds';
import { OptionsOf } from './operator-options';
import { World } from './world';
import { ExecutionInput } from '../contract/payloads';
import { DeadLetter, OperatedPipeline } from '../ports/operations';

/** An execution's name. */
const MAX_NAME_LENGTH = 80;

interface Starting {
  readonly do: 'START';
  /** Of the execution; of several, of the first one. */
  readonly name: string;
  readonly inputs: readonly ExecutionInput[];
  readonly what: string;
}

/** What becomes of a message. One that is not left is deleted. */
type Decision =
  | Starting
  | { readonly do: 'DELETE'; readonly what: string }
  | { readonly do: 'LEAVE'; readonly what: string };

/** @returns false when messages are left in the queue */
export async function redrive({ max, dryRun }: OptionsOf<'redrive'>, pipeline: OperatedPipeline, { terminal }: World): Promise<boolean> {
  const { deadLetters } = pipeline;
  const seen = new Set<string>();
  const held = new Map<string, DeadLetter>();
  const sums = { START: 0, DELETE: 0, LEAVE: 0 };
  const tellSum = () => {
    const would = dryRun ? 'would be ' : '';
    terminal.print(`${seen.size} ${seen.size === 1 ? 'message' : 'messages'}: ${sums.START} ${would}started, ${sums.DELETE} ${would}deleted, ${sums.LEAVE} left`);
  };
  try {
    while (seen.size < max) {
      const letters = await deadLetters.receive(max - seen.size);
      // What was left comes again when the queue has waited for it to be deleted.
      const unseen = letters.filter(({ id }) => !seen.has(id));
      for (const letter of letters) held.set(letter.id, letter);
      if (unseen.length === 0) break;
      for (const letter of unseen) {
        seen.add(letter.id);
        const decision = await decide(kindOf(letter), pipeline);
        const done = dryRun ? decision : await carryOut(decision, letter, pipeline);
        if (!dryRun && done.do !== 'LEAVE') held.delete(letter.id);
        sums[done.do]++;
        terminal.print([letter.id, wordOf(done.do, dryRun), done.what, whyDead(letter)].filter((text) => text !== '').join('  '));
      }
    }
  } finally {
    tellSum();
    // Where this fails they come back by themselves, two minutes later.
    await Promise.allSettled([...held.values()].map(async (letter) => deadLetters.release(letter)));
  }
  return sums.LEAVE === 0 || dryRun;
}

async function decide(kind: DeadLetterKind, { executions }: OperatedPipeline): Promise<Decision> {
  switch (kind.kind) {
    case 'FILES':
      // The claim makes it safe: a file that has its job by now gets no second one.
      return { do: 'START', name: nameOf(kind.id), inputs: kind.inputs, what: `file ${kind.inputs.map((input) => input.detail.object.key).join(', ')}` };
    case 'ENDED': {
      // The sweep finds each open job whose execution has ended, without this message: it may go.
      const fileId = await executions.jobOf(kind.executionArn);
      if (fileId !== undefined) return { do: 'DELETE', what: `ended execution ${kind.executionArn}: the sweep closes its job ${fileId}, if it is open` };
      // Without a job the sweep finds the file only where it still lies under the incoming prefix. So it is started again;
      // that is safe for a claim as for a resume. Nothing came of a rerun either: it has no job.
      if (kind.input !== undefined) return { do: 'START', name: nameOf(kind.id), inputs: [kind.input], what: `input of ${kind.executionArn}, of which no job came` };
      return { do: 'LEAVE', what: `ended execution ${kind.executionArn}: no job came of it, and the event has no input to start again with` };
    }
    case 'SWEEP':
      return { do: 'DELETE', what: 'failed sweep: the next one does the same' };
    case 'TEST':
      return { do: 'DELETE', what: 'test event of S3: it is about no file' };
    case 'REFUSED':
      return { do: 'LEAVE', what: 'message of the intake queue that starts no job' };
    case 'UNKNOWN':
      return { do: 'LEAVE', what: kind.reason };
  }
}

/**
 * A message is deleted only after its start was accepted.
 *
 * @returns what came of it
 */
async function carryOut(decision: Decision, letter: DeadLetter, { executions, deadLetters }: OperatedPipeline): Promise<Decision> {
  if (decision.do === 'LEAVE') return decision;
  const isOld = decision.do === 'START' && !(await startAll(decision, executions));
  await deadLetters.delete(letter);
  return isOld ? { do: 'DELETE', what: `${decision.what}: it was started before` } : decision;
}

/** @returns whether one of them was not started before */
async function startAll({ name, inputs }: Starting, executions: OperatedPipeline['executions']): Promise<boolean> {
  let isAnyNew = false;
  for (const [index, input] of inputs.entries()) {
    const { isNew } = await executions.start(input, index === 0 ? name : `${name}-${index + 1}`);
    isAnyNew ||= isNew;
  }
  return isAnyNew;
}

/** Derived from the message: a second redrive of it starts nothing. */
function nameOf(id: string): string {
  return `redrive-${id.replace(/[^\w-]/g, '-')}`.slice(0, MAX_NAME_LENGTH);
}

function wordOf(what: Decision['do'], dryRun: boolean): string {
  switch (what) {
    case 'START': return dryRun ? 'would start' : 'started';
    case 'DELETE': return dryRun ? 'would delete' : 'deleted';
    case 'LEAVE': return 'left';
  }
}

function whyDead({ attributes: { ERROR_CODE: code, ERROR_MESSAGE: message } }: DeadLetter): string {
  const reason = [code, message].filter((text) => text !== undefined).join(': ');
  return reason === '' ? '' : `(${reason})`;
}
