/** Which kind each character is, for one pattern: characters that it cannot tell apart are of one kind. */
import { ASCII_SIZE, CharacterSet } from './character-set';

export interface CharacterKind {
  readonly isWord: boolean;
  /** Of each of the pattern's sets, whether it holds them. */
  readonly held: Uint8Array;
}

const PLANE_SIZE = 0x10000;
/** So many characters beyond the first plane are kept: then it begins anew. */
const MOST_CHARACTERS = 10_000;

export class CharacterKinds {
  readonly all: CharacterKind[] = [];
  private readonly word: CharacterSet;
  private readonly numberByKey = new Map<string, number>();
  private readonly ofAscii: Uint16Array;
  /** Of characters from ASCII to the end of the first plane, each more by one than its kind: 0 where it is not known. */
  private ofPlane: Uint16Array | undefined;
  private readonly ofOthers = new Map<number, number>();

  constructor(private readonly sets: readonly CharacterSet[], flags: string) {
    this.word = new CharacterSet('\\w', flags);
    this.ofAscii = Uint16Array.from({ length: ASCII_SIZE }, (_, code) => this.find(code));
  }

  /** @returns the kind's place in `all` */
  of(code: number): number {
    return code < ASCII_SIZE ? this.ofAscii[code] : this.ofOther(code);
  }

  private ofOther(code: number): number {
    if (code >= PLANE_SIZE) return this.beyondPlane(code);
    const kinds = this.ofPlane ??= new Uint16Array(PLANE_SIZE);
    if (kinds[code] === 0) kinds[code] = this.find(code) + 1;
    return kinds[code] - 1;
  }

  private beyondPlane(code: number): number {
    const known = this.ofOthers.get(code);
    if (known !== undefined) return known;
    if (this.ofOthers.size === MOST_CHARACTERS) this.ofOthers.clear();
    const kind = this.find(code);
    this.ofOthers.set(code, kind);
    return kind;
  }

  private find(code: number): number {
    const held = Uint8Array.from(this.sets, (set) => Number(set.holds(code)));
    const isWord = this.word.holds(code);
    const key = `${String(isWord)} ${held.join('')}`;
    let number = this.numberByKey.get(key);
    if (number === undefined) this.numberByKey.set(key, number = this.all.push({ isWord, held }) - 1);
    return number;
  }
}
