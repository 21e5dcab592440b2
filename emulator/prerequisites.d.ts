/** A problem that the person at the keyboard can solve: shown as its one sentence, without a stack trace. */
export class UserError extends Error {}
/** The repository's root. */
export const ROOT: string;
/** Node's version is at least 20.16, or a UserError. */
export function checkNode(): void;
/** The command of a Python of at least 3.10 that can make virtual environments, or a UserError. */
export function findPython(): string;
/** Runs `npm ci` where node_modules is missing or older than the lock file. True when it ran. */
export function installPackages(log?: (line: string) => void): boolean;
/** Bundles the handlers into assets/ where one is missing or older than its sources. True when it ran. */
export function bundleHandlers(log?: (line: string) => void): boolean;
/** Runs the body; a UserError ends the process with status 1 and its one sentence. */
export function runMain(body: () => void | Promise<void>): void;
