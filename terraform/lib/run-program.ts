import { InputError } from './input-error';

/** Runs a program of this package: what is wrong with its input is one line, any other error is shown whole. */
export function runProgram(program: () => void): void {
  try {
    program();
  } catch (error) {
    console.error(error instanceof InputError ? error.message : error);
    process.exitCode = 1;
  }
}
