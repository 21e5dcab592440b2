/**
 * One run at a time in an output folder. A run's claim is its work folder: it is made at once, and its name says which
 * process made it, so that a claim of a process that has ended, however it has, is none.
 *
 * First each run makes its claim, then it looks for others: of two that start in the same instant at least one sees the
 * other. Where both do, the younger process goes. The older one waits for that, unless the younger one has looked before
 * it was there, and works already.
 *
 * Of a process that cannot be looked at, in another container, the claim is none once it has shown no sign of life for a
 * minute. The process may only have been paused: so its folder is taken in one step, by moving it, and whatever a run
 * does to the results it does by moving files out of its work folder or into it, which then fails.
 */
import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { access, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isGone } from './disk-fault';
import { UsageError } from './usage-error';

const PREFIX = '.csv-chunk-pipeline-work-';
/** The whole of its name: what else begins so is somebody's own. */
const CLAIM = /^\.csv-chunk-pipeline-work-([0-9a-f]{12})-(\d+)-(\d+)-[0-9a-zA-Z]+$/;
/** In the work folder of a run that has seen no other. */
const AT_WORK = 'at-work';
/** Made and removed, for the time that the folder has by it. */
const SIGN_OF_LIFE = 'alive';
const LONGEST_WAIT_MS = 10_000;
const MS_BETWEEN_LOOKS = 50;
const MS_BETWEEN_SIGNS_OF_LIFE = 10_000;
/** Of a process that cannot be looked at from here. */
const LONGEST_SILENCE_MS = 60_000;

/** Another run has taken the folder, or somebody has removed the work folder. */
export class ClaimLost extends Error {
  constructor(directory: string) {
    super(`expected --out to stay this run's folder to its end, got one whose work folder is gone: ${directory} was cleaned up, or is another run's, which takes it where `
      + 'this one shows no sign of life for a minute, such as in a container that is paused. Nothing more was done there: wait for the other\'s end, '
      + 'or name another folder, and run it again');
    this.name = 'ClaimLost';
  }
}

interface Claim {
  readonly name: string;
  /** Which processes are known here: those of this machine since it was started, of this container. */
  readonly place: string;
  readonly pid: number;
  /** Tells a process from a later one with the same id. */
  readonly start: string;
}

const NO_START = '0';
const PLACE = createHash('sha256').update(placeName()).digest('hex').slice(0, 12);

/**
 * @returns the run's work folder
 * @throws UsageError when another run works in the folder
 */
export async function claimFolder(directory: string): Promise<string> {
  const workDirectory = await mkdtemp(join(directory, `${PREFIX}${PLACE}-${process.pid}-${startOf(process.pid)}-`));
  try {
    const own = claimOf(basename(workDirectory))!;
    for (const deadline = Date.now() + LONGEST_WAIT_MS; ;) {
      const others = (await readdir(directory)).filter((name) => CLAIM.test(name) && name !== own.name);
      const rivals = await heldClaims(workDirectory, others);
      if (rivals.length === 0) {
        await writeFile(join(workDirectory, AT_WORK), '');
        for (const name of others) await take(join(directory, name), join(workDirectory, `taken${name}`));
        return workDirectory;
      }
      for (const rival of rivals) {
        if (isOlder(rival, own) || await holdsClaim(join(directory, rival.name)) || Date.now() > deadline) throw inUse(directory, rival);
      }
      await sleep(MS_BETWEEN_LOOKS);
    }
  } catch (error) {
    await rm(workDirectory, { recursive: true, force: true });
    throw error;
  }
}

/**
 * For those who cannot look at this process.
 *
 * @param onLost is called when the claim is gone
 * @returns ends it
 */
export function showLife(workDirectory: string, onLost: () => void): () => void {
  const timer = setInterval(() => {
    void giveSign(workDirectory).catch(async () => {
      // Any other fault, such as a full disk, the run meets itself.
      if (!await holdsClaim(workDirectory)) onLost();
    });
  }, MS_BETWEEN_SIGNS_OF_LIFE).unref();
  return () => clearInterval(timer);
}

/** Whether a run, this one or another, is at work by a claim that is there still. */
export async function holdsClaim(workDirectory: string): Promise<boolean> {
  return access(join(workDirectory, AT_WORK)).then(() => true, (error: Error) => !isGone(error));
}

/** Whether a run works in another folder. @param workDirectory of the run that asks */
export async function isClaimed(directory: string, workDirectory: string): Promise<boolean> {
  const names = await readdir(directory).catch((): string[] => []);
  return (await heldClaims(workDirectory, names, directory)).length > 0;
}

/** Gives the folder the time of now by the clock of its file system, the only one that all who use it have in common. */
async function giveSign(workDirectory: string): Promise<void> {
  const file = join(workDirectory, SIGN_OF_LIFE);
  await writeFile(file, '');
  await rm(file, { force: true });
}

/** Takes what an ended run has left: all at once, should it live. Where a folder cannot be moved it is removed where it is. */
async function take(left: string, to: string): Promise<void> {
  await rename(left, to).catch(() => undefined);
  for (const path of [to, left]) await rm(path, { recursive: true, force: true });
}

async function heldClaims(workDirectory: string, names: readonly string[], directory = dirname(workDirectory)): Promise<Claim[]> {
  const held: Claim[] = [];
  for (const name of names) {
    const claim = claimOf(name);
    if (claim !== undefined && await isHeld(claim, directory, workDirectory)) held.push(claim);
  }
  return held;
}

function claimOf(name: string): Claim | undefined {
  const [, place, pid, start] = CLAIM.exec(name) ?? [];
  return place === undefined ? undefined : { name, place, pid: Number(pid), start };
}

async function isHeld({ name, place, pid, start }: Claim, directory: string, workDirectory: string): Promise<boolean> {
  if (place === PLACE) {
    const running = startOf(pid);
    return running === start || running === NO_START;
  }
  await giveSign(workDirectory);
  const { mtimeMs: nowMs } = await stat(workDirectory);
  const modifiedMs = await stat(join(directory, name))
    .then(({ mtimeMs }) => mtimeMs, (error: Error) => (isGone(error) ? -Infinity : nowMs));
  return nowMs - modifiedMs < LONGEST_SILENCE_MS;
}

function isOlder(one: Claim, other: Claim): boolean {
  if (one.start !== other.start) return Number(one.start) < Number(other.start);
  return one.pid === other.pid ? one.name < other.name : one.pid < other.pid;
}

function inUse(directory: string, { place, pid }: Claim): UsageError {
  const holder = place === PLACE ? `the run with the process id ${pid} works in` : 'a run in another container, or on another machine, works in, or did a minute ago';
  return new UsageError(`expected --out to name a folder for this run alone, got ${directory}, which ${holder}: wait for its end, or name another folder`);
}

/** When a process was started, NO_START where nobody tells; undefined: there is no such process any more. */
function startOf(pid: number): string | undefined {
  let status: string;
  try {
    status = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return isThere(pid) ? NO_START : undefined;
  }
  // After the program's name, in parentheses, which may hold anything. A zombie has ended, and waits to be noticed.
  const [state, ...rest] = status.slice(status.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' || state === 'X' ? undefined : rest[18];
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function placeName(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1') + readlinkSync('/proc/self/ns/pid');
  } catch {
    return hostname();
  }
}
