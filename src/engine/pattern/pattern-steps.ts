/**
 * A pattern as steps, each of which says what may come next: what repeats is there as often as it may come, or leads back to
 * itself. A step is named by its index.
 */
import { CharacterSet } from './character-set';
import { AssertionName, CharacterNode, PatternNode } from './pattern-tree';

export type Step =
  /** The end of the text. */
  | { readonly kind: 'end' }
  /** The end of what is looked for. */
  | { readonly kind: 'found' }
  | CharacterNode & { readonly next: number }
  | { readonly kind: 'either'; first: number; second: number }
  /** So many characters, one after the other. */
  | Omit<CharacterNode, 'kind'> & { readonly kind: 'count'; readonly least: number; readonly most: number; readonly next: number }
  | { readonly kind: 'assertion'; readonly name: AssertionName; readonly next: number }
  /** In the direction of these steps: `body` is its first. */
  | { readonly kind: 'look'; readonly isNegative: boolean; readonly body: number; readonly next: number }
  /** In the other direction: it is one of the `starts` there. */
  | { readonly kind: 'lookBack'; readonly isNegative: boolean; readonly place: number; readonly next: number };

/** Steps in one direction. */
export interface PatternSteps {
  readonly steps: readonly Step[];
  readonly starts: readonly number[];
  /** What is looked for, each before the steps that look for it, then all others. */
  readonly strata: readonly Stratum[];
}

/** Steps that depend on no others than their own and those of the strata before. */
export interface Stratum {
  /** Each behind those that it leads to without a character. */
  readonly order: readonly number[];
  /** There are some that lead back to themselves without a character, so that there is no such order. */
  readonly hasCircle: boolean;
}

export interface WrittenPattern {
  /** From the beginning of the text to its end; the one start is that of the whole pattern. */
  readonly forward: PatternSteps;
  /** From a place to the beginning of the text: a start for each look behind. */
  readonly backward: PatternSteps;
  /** A part of the pattern that these steps do not tell as it is: they lead on wherever it does, and elsewhere too. */
  readonly approximated: ApproximatedPart | undefined;
}

export interface ApproximatedPart {
  readonly reason: 'count' | 'reference' | 'look' | 'looks';
  readonly at: number;
}

/** What repetitions and references may weigh, beside one for each character of the pattern: what a text's character costs, in steps. */
const MOST_WEIGHT = 1000;
/** Of a count: it is gone through in words. */
const NUMBERS_PER_WEIGHT = 32;
/** They are told by the bits of one number, and there is room for what stands before a place beside them. */
export const MOST_LOOKS_BEHIND = 30;

export function patternSteps(tree: PatternNode, flags: string): WrittenPattern {
  return new StepWriter(tree, flags).write();
}

type NodeOf<K extends PatternNode['kind']> = Extract<PatternNode, { kind: K }>;

class Direction {
  readonly steps: Step[] = [];
  readonly starts: number[] = [];
  readonly strata: number[][] = [];
  stratum: number[] = [];

  add(step: Step): number {
    this.stratum.push(this.steps.length);
    return this.steps.push(step) - 1;
  }

  /** @returns what `write` does; the steps that it adds are a stratum of their own */
  apart<T>(write: () => T): T {
    const outer = this.stratum;
    this.stratum = [];
    const written = write();
    this.strata.push(this.stratum);
    this.stratum = outer;
    return written;
  }

  written(): PatternSteps {
    const strata = [...this.strata, this.stratum].map((indices) => inOrder(indices, this.steps));
    return { steps: this.steps, starts: this.starts, strata };
  }
}

class StepWriter {
  private readonly forward = new Direction();
  private readonly backward = new Direction();
  private to = this.forward;
  private approximated: ApproximatedPart | undefined;
  private weight = 0;
  /** It is part of what has been weighed. */
  private isWeighed = false;
  private readonly weights = new Map<PatternNode, number>();
  private readonly looksBehind = new Map<PatternNode, number>();
  /** What is part of every match. */
  private readonly sure = new Set<PatternNode>();

  constructor(private readonly tree: PatternNode, private readonly flags: string) {
    noteSure(tree, this.sure);
  }

  write(): WrittenPattern {
    this.forward.starts.push(this.build(this.tree, this.to.add({ kind: 'end' })));
    return { forward: this.forward.written(), backward: this.backward.written(), approximated: this.approximated };
  }

  /** @returns the first step of what the node takes, behind which `next` comes */
  private build(node: PatternNode, next: number): number {
    switch (node.kind) {
      case 'character': return this.to.add({ ...node, next });
      case 'sequence': return this.sequence(node.parts, next);
      case 'choice': return this.either(node.options.map((option) => this.build(option, next)));
      case 'assertion': return this.to.add({ kind: 'assertion', name: this.to === this.forward ? node.name : MIRRORED[node.name], next });
      case 'repeat': return this.repeat(node, next);
      case 'look': return this.look(node, next);
      case 'reference': return this.reference(node, next);
    }
  }

  private sequence(parts: readonly PatternNode[], next: number): number {
    const buildBefore = (after: number, part: PatternNode) => this.build(part, after);
    return this.to === this.forward ? parts.reduceRight(buildBefore, next) : parts.reduce(buildBefore, next);
  }

  private either(options: readonly number[]): number {
    return options.reduceRight((second, first) => this.to.add({ kind: 'either', first, second }));
  }

  private repeat(node: NodeOf<'repeat'>, next: number): number {
    const { body, least, most } = node;
    if (most === 0) return next;
    if (timesOf(node) <= 1) return most === 1 ? this.oneByOne(node, next) : this.loop(body, least, next);
    return this.weighed(node, () => this.oneByOne(node, next)) ?? this.uncounted(node, next);
  }

  private uncounted({ body, least, at }: NodeOf<'repeat'>, next: number): number {
    this.approximated ??= { reason: 'count', at };
    return this.loop(body, least, next);
  }

  private oneByOne({ body, least, most, at }: NodeOf<'repeat'>, next: number): number {
    if (most === Infinity) return this.times(body, least - 1, at, this.loop(body, least, next));
    if (body.kind === 'character') return this.counted(body, least, most, at, next);
    let after = next;
    for (let copy = least; copy < most; copy++) after = this.either([this.build(body, after), next]);
    return this.times(body, least, at, after);
  }

  /** Once, or any number of times. */
  private loop(body: PatternNode, least: number, next: number): number {
    const loop: Step = { kind: 'either', first: next, second: next };
    const again = this.to.add(loop);
    loop.first = this.build(body, again);
    return least === 0 ? again : loop.first;
  }

  private times(body: PatternNode, count: number, at: number, next: number): number {
    if (body.kind === 'character') return this.counted(body, count, count, at, next);
    let after = next;
    for (let copy = 0; copy < count; copy++) after = this.build(body, after);
    return after;
  }

  private counted(body: CharacterNode, least: number, most: number, at: number, next: number): number {
    if (most < 1) return next;
    if (most > 1) return this.to.add({ ...body, kind: 'count', least, most, at, next });
    const first = this.build(body, next);
    return least === 0 ? this.either([first, next]) : first;
  }

  private look(node: NodeOf<'look'>, next: number): number {
    const { isNegative, isBehind, body } = node;
    if (isBehind !== (this.to === this.backward)) return isBehind ? this.lookBehind(node, next) : this.withoutLook(node, 'look', next);
    const start = this.to.apart(() => this.build(body, this.to.add({ kind: 'found' })));
    return this.to.add({ kind: 'look', isNegative, body: start, next });
  }

  private lookBehind(node: NodeOf<'look'>, next: number): number {
    const { isNegative, body } = node;
    let place = this.looksBehind.get(node);
    if (place === undefined) {
      if (this.looksBehind.size === MOST_LOOKS_BEHIND) return this.withoutLook(node, 'looks', next);
      this.to = this.backward;
      place = this.backward.starts.push(this.build(body, this.to.add({ kind: 'found' }))) - 1;
      this.to = this.forward;
      this.looksBehind.set(node, place);
    }
    return this.to.add({ kind: 'lookBack', isNegative, place, next });
  }

  private withoutLook({ at }: NodeOf<'look'>, reason: ApproximatedPart['reason'], next: number): number {
    this.approximated ??= { reason, at };
    return next;
  }

  /** What it matches is among what its group does; nothing, where that has not matched. */
  private reference(node: NodeOf<'reference'>, next: number): number {
    const { groups, at } = node;
    this.approximated ??= { reason: 'reference', at };
    const anything = () => this.loop({ kind: 'character', set: new CharacterSet('[^]', this.flags), ways: 1, at }, 0, next);
    return this.weighed(node, () => {
      const starts = groups.map((group) => this.build(group, next));
      return this.either(groups.length === 1 && this.sure.has(groups[0]) ? starts : [...starts, next]);
    }) ?? anything();
  }

  /** @returns what `build` does; undefined where the node weighs too much, and nothing is built */
  private weighed(node: PatternNode, build: () => number): number | undefined {
    if (this.isWeighed) return build();
    const weight = this.weight + this.weigh(node);
    if (weight > MOST_WEIGHT) return undefined;
    this.weight = weight;
    this.isWeighed = true;
    const start = build();
    this.isWeighed = false;
    return start;
  }

  private weigh(node: PatternNode): number {
    let weight = this.weights.get(node);
    if (weight === undefined) this.weights.set(node, weight = this.weightOf(node));
    return weight;
  }

  private weightOf(node: PatternNode): number {
    switch (node.kind) {
      case 'character':
      case 'assertion': return 1;
      case 'sequence': return Math.max(this.sumOf(node.parts), 1);
      case 'choice': return this.sumOf(node.options);
      case 'repeat': return this.weightOfRepeat(node);
      case 'look': return 1 + this.weigh(node.body);
      case 'reference': return 1 + this.sumOf(node.groups);
    }
  }

  private sumOf(nodes: readonly PatternNode[]): number {
    return nodes.reduce((sum, node) => sum + this.weigh(node), 0);
  }

  private weightOfRepeat(node: NodeOf<'repeat'>): number {
    const times = timesOf(node);
    if (node.body.kind === 'character' && times > 1) return 2 + times / NUMBERS_PER_WEIGHT;
    return Math.max(times, 1) * (1 + this.weigh(node.body));
  }
}

/** So often it is written down. */
function timesOf({ least, most }: NodeOf<'repeat'>): number {
  return most === Infinity ? least : most;
}

/** As they are read towards the beginning of the text. */
const MIRRORED: Readonly<Record<AssertionName, AssertionName>> = { start: 'end', end: 'start', boundary: 'boundary', noBoundary: 'noBoundary' };

/** Those that a step leads to without a character, within its stratum. */
function leadsTo(step: Step): readonly number[] {
  switch (step.kind) {
    case 'end':
    case 'found':
    case 'character': return [];
    case 'count': return step.least === 0 ? [step.next] : [];
    case 'either': return [step.second, step.first];
    case 'assertion':
    case 'look':
    case 'lookBack': return [step.next];
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
