/**
 * Where a store does not do what S3 does, and a suite says so instead of asking for it. The memory stores of the
 * simulation have none of these: what the steps are tried on is S3 as its documentation has it.
 */
export const DIFFERENCES = {
  completesForEver: 'answers a Complete that comes again with 200 for ever; S3 does for a while, and then there is no such upload',
  takesSmallParts: 'takes parts of less than 5 MiB; S3 refuses the Complete',
  cannotLock: 'has no object lock; S3 answers a deletion with 403',
  ignoresRangeOfVersion: 'answers a range of a named version with the whole object, which the client refuses',
} as const;
export type Difference = keyof typeof DIFFERENCES;

/** `test`, or a test that is skipped because the store differs. */
export function testUnless(differences: readonly Difference[], difference: Difference): typeof test | typeof test.skip {
  return differences.includes(difference) ? test.skip : test;
}
