import { activate } from './activate';
import { findPipeline } from './find-pipeline';
import { listJobs } from './list-jobs';
import { Refusal, WrongArguments } from './operator-error';
import { OperatorOptions, readOperatorOptions, USAGES } from './operator-options';
import { redrive } from './redrive';
import { rerunFile, resumeJobs } from './start-again';
import { World } from './world';
import { OperatedPipeline, PipelineAddress, Stacks } from '../ports/operations';

/** How the account is reached: nothing is before the arguments are right. */
export interface Account {
  readonly stacks: (region?: string) => Stacks;
  readonly pipeline: (address: PipelineAddress, region?: string) => Promise<OperatedPipeline>;
  /** A failed call in one sentence. */
  readonly failureSentence: (error: unknown) => string;
}

export type ExitStatus = 0 | 1 | 2;

/** @param args the command first */
export async function operate(args: readonly string[], account: Account, world: World): Promise<ExitStatus> {
  const { terminal } = world;
  try {
    const options = readOperatorOptions(args);
    if (typeof options === 'string') {
      for (const line of USAGES[options].trimEnd().split('\n')) terminal.print(line);
      return 0;
    }
    const region = options.command === 'activate' ? options.region : undefined;
    const pipeline = await account.pipeline(await findPipeline(options.pipeline, account.stacks(region)), region);
    return await carryOut(options, pipeline, world) ? 0 : 1;
  } catch (error) {
    if (error instanceof WrongArguments) {
      terminal.tell(error.message);
      terminal.tell(`see csv-chunk-pipeline ${args[0]} --help`);
      return 2;
    }
    terminal.tell(error instanceof Refusal ? error.message : account.failureSentence(error));
    return 1;
  }
}

async function carryOut(options: OperatorOptions, pipeline: OperatedPipeline, world: World): Promise<boolean> {
  switch (options.command) {
    case 'jobs':
      await listJobs(options, pipeline, world);
      return true;
    case 'resume': return resumeJobs(options, pipeline, world);
    case 'rerun': return rerunFile(options, pipeline, world);
    case 'redrive': return redrive(options, pipeline, world);
    case 'activate': return activate(options, pipeline, world);
  }
}
