/**
 * A pattern as steps, each of which says what may come next: what repeats is there as often as it may come, or leads back to
 * itself. A step is named by its index.
 */
import { CharacterSet } from './character-set';
import { AssertionName, PatternNode } from './pattern-tree';

export type Step =
  /** The end of the text. */
  | { readonly kind: 'end' }
  /** The end of what is looked for ahead. */
  | { readonly kind: 'found' }
  | { readonly kind: 'character'; readonly set: CharacterSet; readonly next: number; readonly at: number }
  | { readonly kind: 'either'; first: number; second: number }
  | { readonly kind: 'assertion'; readonly name: AssertionName; readonly next: number }
  | { readonly kind: 'look'; readonly isNegative: boolean; readonly body: number; readonly next: number };

export interface PatternSteps {
  readonly steps: readonly Step[];
  readonly start: number;
  /** What is looked for ahead, each before the steps that look for it, then all others. */
  readonly strata: readonly Stratum[];
}

/** Steps that depend on no others than their own and those of the strata before. */
export interface Stratum {
  /** Each behind those that it leads to without a character. */
  readonly order: readonly number[];
  /** There are some that lead back to themselves without a character, so that there is no such order. */
  readonly hasCircle: boolean;
}

/** Steps that may be made of repetitions, beside one for each character of the pattern. */
const MOST_COPIES = 1000;

/** In place of the steps of a pattern that has too many. */
export class TooManySteps extends Error {
  /** @param at the place of the repetition, or of the reference, that makes them */
  constructor(readonly at: number) {
    super('too many steps');
  }
}

/**
 * @param areCounted false: what may come several times may come any number of times. What has one way through this has one
 *   through the pattern too
 */
export function patternSteps(tree: PatternNode, areCounted: boolean): PatternSteps | TooManySteps {
  try {
    return new StepWriter(areCounted).write(tree);
  } catch (error) {
    if (error instanceof TooManySteps) return error;
    throw error;
  }
}

class StepWriter {
  private readonly steps: Step[] = [];
  private readonly strata: number[][] = [];
  private stratum: number[] = [];
  private copies = 0;
  /** What is part of every match. */
  private readonly sure = new Set<PatternNode>();
  /** The outermost repetition of which this is a copy. */
  private copyOf: number | undefined;

  constructor(private readonly areCounted: boolean) {}

  write(tree: PatternNode): PatternSteps {
    noteSure(tree, this.sure);
    const start = this.build(tree, this.add({ kind: 'end' }));
    return { steps: this.steps, start, strata: [...this.strata, this.stratum].map((indices) => inOrder(indices, this.steps)) };
  }

  private add(step: Step): number {
    if (this.copyOf !== undefined && ++this.copies > MOST_COPIES) throw new TooManySteps(this.copyOf);
    this.stratum.push(this.steps.length);
    return this.steps.push(step) - 1;
  }

  /** @returns the first step of what the node takes, behind which `next` comes */
  private build(node: PatternNode, next: number): number {
    switch (node.kind) {
      case 'character': return this.add({ kind: 'character', set: node.set, next, at: node.at });
      case 'sequence': return node.parts.reduceRight((after, part) => this.build(part, after), next);
      case 'choice': return this.either(node.options.map((option) => this.build(option, next)));
      case 'assertion': return this.add({ kind: 'assertion', name: node.name, next });
      case 'repeat': return this.repeat(node, next);
      case 'look': return this.look(node, next);
      case 'reference': return this.copied(node.at, () => this.reference(node, next));
    }
  }

  private either(options: readonly number[]): number {
    return options.reduceRight((second, first) => this.add({ kind: 'either', first, second }));
  }

  /** What it matches is among what its group does; nothing, where that has not matched. */
  private reference({ groups }: Extract<PatternNode, { kind: 'reference' }>, next: number): number {
    const starts = groups.map((group) => this.build(group, next));
    return this.either(groups.length === 1 && this.sure.has(groups[0]) ? starts : [...starts, next]);
  }

  private repeat({ body, least, most, at }: Extract<PatternNode, { kind: 'repeat' }>, next: number): number {
    const isLoop = most === Infinity || (!this.areCounted && most > 1);
    if (most === 0) return next;
    if (isLoop) {
      const loop: Step = { kind: 'either', first: next, second: next };
      const again = this.add(loop);
      loop.first = this.build(body, again);
      return least === 0 ? again : this.times(at, this.areCounted ? least - 1 : 0, body, loop.first);
    }
    let after = next;
    for (let copy = least; copy < most; copy++) {
      const inner = copy === least ? this.build(body, after) : this.copied(at, () => this.build(body, after));
      after = this.add({ kind: 'either', first: inner, second: next });
    }
    return this.times(at, least, body, after);
  }

  private times(at: number, count: number, body: PatternNode, next: number): number {
    let after = next;
    for (let copy = 0; copy < count; copy++) after = copy === 0 ? this.build(body, after) : this.copied(at, () => this.build(body, after));
    return after;
  }

  private copied(at: number, build: () => number): number {
    const outer = this.copyOf;
    this.copyOf ??= at;
    const start = build();
    this.copyOf = outer;
    return start;
  }

  /** What is looked for behind is left to JavaScript. */
  private look({ isBehind, isNegative, body }: Extract<PatternNode, { kind: 'look' }>, next: number): number {
    if (isBehind) return next;
    const outer = this.stratum;
    this.stratum = [];
    const start = this.build(body, this.add({ kind: 'found' }));
    this.strata.push(this.stratum);
    this.stratum = outer;
    return this.add({ kind: 'look', isNegative, body: start, next });
  }
}

/** Those that a step leads to without a character, within its stratum. */
function leadsTo(step: Step): readonly number[] {
  switch (step.kind) {
    case 'end':
    case 'found':
    case 'character': return [];
    case 'either': return [step.second, step.first];
    case 'assertion':
    case 'look': return [step.next];
  }
}

/** Depth first, without recursion: a choice of a thousand words is as deep. */
function inOrder(indices: readonly number[], steps: readonly Step[]): Stratum {
  const order: number[] = [];
  const found = new Map<number, 'open' | 'done'>();
  let hasCircle = false;
  for (const root of indices) {
    const pending = [root];
    while (pending.length > 0) {
      const index = pending[pending.length - 1];
      const state = found.get(index);
      if (state === undefined) {
        found.set(index, 'open');
        for (const next of leadsTo(steps[index])) {
          if (found.get(next) === 'open') hasCircle = true;
          else if (!found.has(next)) pending.push(next);
        }
        continue;
      }
      pending.pop();
      if (state === 'done') continue;
      found.set(index, 'done');
      order.push(index);
    }
  }
  return { order, hasCircle };
}

function noteSure(node: PatternNode, sure: Set<PatternNode>): void {
  sure.add(node);
  if (node.kind === 'sequence') node.parts.forEach((part) => { noteSure(part, sure); });
  else if (node.kind === 'repeat' && node.least > 0) noteSure(node.body, sure);
}
