import { activate } from './activate';
import { findPipeline, WITHOUT_STACK } from './find-pipeline';
import { listJobs } from './list-jobs';
import { Refusal, WrongArguments } from './operator-error';
import { NamedPipeline, OperatorOptions, readOperatorOptions, USAGES } from './operator-options';
import { pipelineOfFunction } from './pipeline-of-function';
import { redrive } from './redrive';
import { rerunFile, resumeJobs } from './start-again';
import { World } from './world';
import { FunctionSettings, OperatedPipeline, PipelineAddress, Stacks } from '../ports/operations';

/** How the account is reached: nothing is before the arguments are right. */
export interface Account {
  readonly stacks: (region?: string) => Stacks;
  readonly functionSettings: (functionName: string, region?: string) => Promise<FunctionSettings>;
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
    const pipeline = await account.pipeline(await addressOf(options, account, region), region);
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

async function addressOf(named: NamedPipeline, account: Account, region: string | undefined): Promise<PipelineAddress> {
  if (named.sweepFunction !== undefined) {
    return pipelineOfFunction(named.sweepFunction, named.pipeline, await account.functionSettings(named.sweepFunction, region));
  }
  try {
    return await findPipeline(named.pipeline, account.stacks(region));
  } catch (error) {
    if (!/^AccessDenied/.test((error as Error).name)) throw error;
    // Who has no stack may well have no right to look for one.
    throw new Refusal(`${account.failureSentence(error)}; ${WITHOUT_STACK}`);
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
