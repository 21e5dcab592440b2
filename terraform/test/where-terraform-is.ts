/** The workflow of GitHub says with it that Terraform and Go are there. Other machines may do without. */
const REQUIRED_VARIABLE = 'REQUIRE_TERRAFORM';

/** `describe`, skipped where there is an obstacle, or a failure where that must not be. */
export function describeUnless(obstacle: string | undefined, what: string): jest.Describe {
  if (obstacle === undefined) return describe;
  if (process.env[REQUIRED_VARIABLE] === 'true') throw new Error(`${REQUIRED_VARIABLE} says that ${what} must be run, and it cannot be: ${obstacle}`);
  console.warn(`Skipped: ${what}. ${obstacle}`);
  return describe.skip;
}
