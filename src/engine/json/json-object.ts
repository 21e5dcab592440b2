/**
 * Reads one JSON object (RFC 8259) without loss: numbers stay as they are written, keys in their order, also those that
 * come twice. Nested values are checked, and kept as text.
 */

/**
 * The JSON of a value that JavaScript could not hold without loss, or that nobody looks into; without blanks between
 * its parts.
 */
export class JsonText {
  constructor(readonly kind: 'number' | 'object' | 'array', readonly text: string) {}
}

export type JsonValue = string | boolean | null | JsonText;

/** What is wrong with a text that is no JSON object. */
export class JsonFault {
  /** @param got what messages put after "expected a JSON object, got" */
  constructor(readonly got: string) {}
}

export function readJsonObject(text: string): Array<readonly [key: string, value: JsonValue]> | JsonFault {
  try {
    return new Scanner(text).object();
  } catch (error) {
    if (error instanceof JsonFault) return error;
    throw error;
  }
}

/** Any value of JSON. */
export function readJson(text: string): JsonValue | JsonFault {
  try {
    return new Scanner(text).whole();
  } catch (error) {
    if (error instanceof JsonFault) return error;
    throw error;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const WORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

class Scanner {
  private at = 0;

  constructor(private readonly text: string) {}

  object(): Array<readonly [string, JsonValue]> | JsonFault {
    this.skipBlanks();
    if (this.text[this.at] !== '{') return this.otherThanObject();
    const members = this.members();
    this.skipBlanks();
    if (this.text[this.at] === '{') {
      throw new JsonFault(`several objects, the second one at character ${this.at + 1} (objects one after the other are inputFormat concatenated-json)`);
    }
    if (this.at < this.text.length) throw this.wrong('nothing behind the object');
    return members;
  }

  whole(): JsonValue {
    this.skipBlanks();
    const value = this.value();
    this.skipBlanks();
    if (this.at < this.text.length) throw this.wrong('nothing behind the value');
    return value;
  }

  private members(): Array<readonly [string, JsonValue]> {
    const members: Array<readonly [string, JsonValue]> = [];
    this.at++;
    this.skipBlanks();
    if (this.take('}')) return members;
    do {
      this.skipBlanks();
      if (this.text[this.at] !== '"') throw this.wrong('a key');
      const key = this.string();
      this.skipBlanks();
      if (!this.take(':')) throw this.wrong('":"');
      this.skipBlanks();
      members.push([key, this.value()]);
      this.skipBlanks();
    } while (this.take(','));
    if (!this.take('}')) throw this.wrong('"," or "}"');
    return members;
  }

  private value(): JsonValue {
    const first = this.text[this.at];
    if (first === '"') return this.string();
    if (first === '{' || first === '[') return new JsonText(first === '{' ? 'object' : 'array', this.nested());
    const number = this.match(NUMBER);
    if (number !== undefined) return new JsonText('number', number);
    const word = this.match(WORD);
    if (word === undefined) throw this.wrong('a value');
    return WORDS[word];
  }

  private string(): string {
    const start = this.at;
    const isPlain = this.skipString();
    return isPlain ? this.text.slice(start + 1, this.at - 1) : this.checked(start, this.text.slice(start, this.at)) as string;
  }

  /** @returns whether the string stands for itself, without escapes */
  private skipString(): boolean {
    const { text } = this;
    let isPlain = true;
    for (let index = this.at + 1; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code === QUOTE) {
        this.at = index + 1;
        return isPlain;
      }
      if (code === BACKSLASH) {
        isPlain = false;
        index++;
      } else if (code < SPACE) {
        this.at = index;
        throw this.wrong('no control character in a string');
      }
    }
    throw this.wrong('the end of the string that begins');
  }

  /** Without recursion, so that no depth of nesting is too much. */
  private nested(): string {
    const { text } = this;
    const start = this.at;
    let compact = '';
    let kept = start;
    let depth = 0;
    do {
      const char = text[this.at];
      if (char === undefined) throw this.wrong('"," or a closing bracket');
      if (char === '"') {
        this.skipString();
        continue;
      }
      if (char === '{' || char === '[') {
        depth++;
      } else if (char === '}' || char === ']') {
        depth--;
      } else if (isBlank(char)) {
        compact += text.slice(kept, this.at);
        kept = this.at + 1;
      }
      this.at++;
    } while (depth > 0);
    // Checked as it is written, blanks included: without them, `1 2` would be a number.
    this.checked(start, text.slice(start, this.at));
    return compact + text.slice(kept, this.at);
  }

  private checked(start: number, json: string): unknown {
    try {
      return JSON.parse(json);
    } catch {
      this.at = start;
      throw this.wrong('valid JSON');
    }
  }

  private take(char: string): boolean {
    if (this.text[this.at] !== char) return false;
    this.at++;
    return true;
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text)?.[0];
    this.at += match?.length ?? 0;
    return match;
  }

  private skipBlanks(): void {
    while (isBlank(this.text[this.at])) this.at++;
  }

  private otherThanObject(): JsonFault {
    const start = this.at;
    try {
      return new JsonFault(described(this.whole()));
    } catch (error) {
      if (!(error instanceof JsonFault)) throw error;
      this.at = start;
      return this.wrong('"{"');
    }
  }

  private wrong(expected: string): JsonFault {
    return new JsonFault(`text that is none: expected ${expected} at character ${this.at + 1}`);
  }
}

function described(value: JsonValue): string {
  if (value === null) return 'null';
  const kind = value instanceof JsonText ? value.kind : typeof value;
  return kind === 'array' ? 'an array' : `a ${kind}`;
}

function isBlank(char: string | undefined): boolean {
  return char === ' ' || char === '\t' || char === '\n' || char === '\r';
}
