/**
 * What a record goes through in its chunk's worker, in one pass: read, split, validated and normalised; through the
 * user's transform, where there is one; written to the part file, to the rejected records and the keys.
 */
const STAGES = ['validate', 'transform', 'write'] as const;
export type Stage = (typeof STAGES)[number];

export interface StageFigures {
  /** That the stage was given; of `write`, that it wrote to the part. */
  readonly records: number;
  /** Of all workers together. */
  readonly milliseconds: number;
}

export type Stages = { readonly [Name in Stage]: StageFigures };

export function eachStage<T>(figures: (stage: Stage) => T): { readonly [Name in Stage]: T } {
  return Object.fromEntries(STAGES.map((stage) => [stage, figures(stage)])) as { [Name in Stage]: T };
}

/** Items of an earlier version have none. */
export function addStages(one: Stages | undefined, other: Stages | undefined): Stages | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return eachStage((stage) => ({
    records: one[stage].records + other[stage].records,
    milliseconds: one[stage].milliseconds + other[stage].milliseconds,
  }));
}
