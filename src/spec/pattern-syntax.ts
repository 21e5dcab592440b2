/**
 * Regular expressions of other engines. Table Schema names the syntax of XML Schema, and publishers write that of the
 * engine that they test with. What JavaScript (flag `u`) takes is taken as it is. Where it does not, and what is written
 * has one plain meaning, it is written in JavaScript's way; all else is refused with the reason.
 */

export interface JavaScriptPattern {
  readonly source: string;
  readonly flags: string;
}

/** In the C locale, as PCRE reads them. */
const POSIX_CLASSES: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  blank: ' \\t',
  digit: '0-9',
  lower: 'a-z',
  punct: '!-\\/:-@\\[-`{-~',
  space: ' \\t-\\r',
  upper: 'A-Z',
  word: 'A-Za-z0-9_',
  xdigit: '0-9A-Fa-f',
};

/** What has no counterpart in JavaScript, or other meanings elsewhere. Looked for outside of classes. */
const REFUSED: ReadonlyArray<readonly [shape: RegExp, reason: string]> = [
  [/^(?:[*+?]|\{\d+(?:,\d*)?\})\+/, 'JavaScript has no possessive quantifiers, such as a++'],
  [/^\(\?>/, 'JavaScript has no atomic groups, such as (?>a)'],
  [/^\(\?#/, 'JavaScript has no comments, such as (?#a)'],
  [/^\(\?[a-zA-Z]*-?[a-zA-Z]+[:)]/, 'flags are taken at the start only, such as (?i)'],
  [/^\{,\d+\}/, '{,3} has no one meaning: write {0,3}'],
];

/** @throws Error with the reason, where JavaScript has no such pattern */
export function javaScriptPattern(pattern: string): JavaScriptPattern {
  const fault = faultOf(pattern, 'u');
  if (fault === undefined) return { source: pattern, flags: 'u' };
  const translated = new PatternTranslation(pattern).translate();
  if (faultOf(translated.source, translated.flags) !== undefined) throw fault;
  return translated;
}

/**
 * Some limits of the engine, such as on a pattern's length, show when it is first matched, once for either kind of text. It
 * stands behind a character that these have not, for it may try what matches nothing in as many ways as there are stars.
 */
const TEXTS = ['', '\u0100'];
const FIRST = '\\xff';

function faultOf(source: string, flags: string): Error | undefined {
  try {
    void new RegExp(source, flags);
    const pattern = new RegExp(`${FIRST}(?:${source})`, flags);
    for (const text of TEXTS) pattern.test(text);
    return undefined;
  } catch (error) {
    return new Error(withoutPattern((error as Error).message));
  }
}

/** The pattern itself, which may be of any length, is told beside it. */
function withoutPattern(message: string): string {
  return message.slice(0, message.indexOf(': ')) + message.slice(message.lastIndexOf(': '));
}

class PatternTranslation {
  private rest: string;
  /** A class held a bracket that opens another class for some engines. */
  private hasInnerBracket = false;

  constructor(pattern: string) {
    this.rest = pattern;
  }

  translate(): JavaScriptPattern {
    const flags = this.leadingFlags();
    let source = '';
    while (this.rest !== '') {
      const refused = REFUSED.find(([shape]) => shape.test(this.rest));
      if (refused !== undefined) throw new Error(refused[1]);
      source += this.element();
    }
    return { source, flags };
  }

  /** `(?i)` and `(?s)` mean the same everywhere; `(?u)` is what all patterns are, and `(?a)` what JavaScript's classes are. */
  private leadingFlags(): string {
    const letters = this.take(/^\(\?[a-zA-Z]+\)/)?.slice(2, -1) ?? '';
    const unknown = [...letters].find((letter) => !'isua'.includes(letter));
    if (unknown !== undefined) throw new Error(`the flag (?${unknown}) is not taken`);
    return `${letters.includes('i') ? 'i' : ''}${letters.includes('s') ? 's' : ''}u`;
  }

  private element(): string {
    if (this.rest.startsWith('[')) return this.class();
    if (this.take(/^\\A/) !== undefined) return '^';
    if (this.take(/^\\[zZ]/) !== undefined) return '$';
    const group = this.take(/^\(\?P<\w+>/);
    if (group !== undefined) return group.replace('P', '');
    const reference = this.take(/^\(\?P=\w+\)/);
    if (reference !== undefined) return `\\k<${reference.slice(4, -1)}>`;
    if (this.rest.startsWith(']') && this.hasInnerBracket) throw new Error('a bracket within brackets has no one meaning: write \\[');
    return this.escape('') ?? this.take(/^\{\d+(?:,\d*)?\}/) ?? (/^[\]{}]/.test(this.rest) ? `\\${this.one()}` : this.one());
  }

  /**
   * Punctuation that means nothing needs no escape; all else is left to JavaScript.
   *
   * @param meaning what means something here beside what does everywhere
   */
  private escape(meaning: '' | '-'): string | undefined {
    const property = this.take(/^\\[pP][A-Z](?![\w{])/);
    if (property !== undefined) return `${property.slice(0, 2)}{${property[2]}}`;
    const braced = this.take(/^\\(?:[pP]|u)\{[^}]*\}/);
    if (braced !== undefined) return braced;
    const escaped = this.take(/^\\[^]/u);
    const means = escaped === undefined || escaped[1] === meaning || /^\\[a-zA-Z0-9^$\\.*+?()[\]{}|/]/.test(escaped);
    return means ? escaped : escaped.slice(1);
  }

  private class(): string {
    const start = this.take(/^\[\^?/)!;
    // At the start it is itself, for every engine but JavaScript's.
    let items = this.take(/^\]/) === undefined ? '' : '\\]';
    let excluded = '';
    let last = '';
    while (this.take(/^\]/) === undefined) {
      if (this.rest === '') throw new Error('a class has no end');
      last = this.subtracted() ?? this.classItem(last);
      if (last.startsWith('(?!')) excluded = last;
      else items += last;
    }
    const whole = `${start}${items}]`;
    return excluded === '' ? whole : `(?:${excluded}${whole})`;
  }

  /** `-[aeiou]` at the end of a class, of XML Schema. */
  private subtracted(): string | undefined {
    if (!this.rest.startsWith('-[') || this.rest.startsWith('-[:')) return undefined;
    this.take(/^-/);
    const subtracted = this.class();
    if (!this.rest.startsWith(']')) throw new Error('a class that is taken away from another one stands at its end: [a-z-[aeiou]]');
    return `(?!${subtracted})`;
  }

  private classItem(last: string): string {
    const posix = this.take(/^\[:\^?\w+:\]/);
    if (posix !== undefined) {
      const name = posix.slice(2, -2);
      if (!Object.hasOwn(POSIX_CLASSES, name)) throw new Error(`the class ${posix} is not known`);
      return POSIX_CLASSES[name];
    }
    if (/^\[[.=]/.test(this.rest)) throw new Error('JavaScript has no collating symbols, such as [.a.]');
    if (this.take(/^\[/) !== undefined) {
      this.hasInnerBracket = true;
      return '\\[';
    }
    // Beside a class that is no one character a hyphen makes no range.
    const isBesideClass = /^\\[dDsSwWpP]/.test(last) || /^-\\[dDsSwWpP]/.test(this.rest);
    if (isBesideClass && this.take(/^-(?!\])/) !== undefined) return '\\-';
    return this.escape('-') ?? this.one();
  }

  private one(): string {
    return this.take(/^[^]/u)!;
  }

  private take(shape: RegExp): string | undefined {
    const taken = shape.exec(this.rest)?.[0];
    if (taken !== undefined) this.rest = this.rest.slice(taken.length);
    return taken;
  }
}
