import { incomplete } from './zlib-stream';
import { COMPRESSION_TRAITS } from '../../spec/input-settings';
import { FileError } from '../model/errors';

const { errorCode, name } = COMPRESSION_TRAITS.zstd;

const FRAME = 0xfd2fb528;
/** Any of 16 magic numbers: metadata, which is no part of the content. */
const SKIPPABLE = 0x184d2a5;
/** Sizes by two bits of the frame's descriptor. */
const DICTIONARY_ID_SIZES = [0, 1, 2, 4];
const CONTENT_SIZE_SIZES = [0, 2, 4, 8];
const RUN_LENGTH_BLOCK = 1;
const RESERVED_BLOCK = 3;
const CHECKSUM_SIZE = 4;

/** Finds the frames of a zstd file by the sizes that they and their blocks have (RFC 8878, 3.1). */
export class FrameReader {
  /** Offset in the file of the next byte. */
  offset = 0;
  private readonly pieces: AsyncIterator<Uint8Array>;
  /** Of the file, and not taken yet. */
  private rest: Uint8Array = new Uint8Array(0);
  private magic: Buffer = Buffer.alloc(0);

  constructor(pieces: AsyncIterable<Uint8Array>, private readonly fileSize: number) {
    this.pieces = pieces[Symbol.asyncIterator]();
  }

  /** Goes to the next frame that has content. @returns false at the end of the file */
  async next(): Promise<boolean> {
    while (this.offset < this.fileSize) {
      const start = this.offset;
      this.magic = await this.take(4);
      const number = this.magic.readUInt32LE();
      if (number === FRAME) return true;
      if (number >>> 4 !== SKIPPABLE) {
        throw new FileError(errorCode, `expected nothing but zstd frames, got other data at byte ${start}`);
      }
      await this.skip((await this.take(4)).readUInt32LE());
    }
    return false;
  }

  /** The bytes of that frame. */
  async* frame(): AsyncGenerator<Buffer, void, void> {
    const descriptor = await this.take(1);
    const isSingleSegment = (descriptor[0] & 0x20) !== 0;
    const hasChecksum = (descriptor[0] & 0x04) !== 0;
    const contentSizeSize = CONTENT_SIZE_SIZES[descriptor[0] >> 6];
    const headerSize = (isSingleSegment ? Math.max(contentSizeSize, 1) : 1 + contentSizeSize) + DICTIONARY_ID_SIZES[descriptor[0] & 3];
    yield Buffer.concat([this.magic, descriptor, await this.take(headerSize)]);
    for (let isLast = false; !isLast;) {
      const start = this.offset;
      const header = await this.take(3);
      const bits = header.readUIntLE(0, 3);
      const kind = bits >> 1 & 3;
      if (kind === RESERVED_BLOCK) throw new FileError(errorCode, `expected valid zstd data, got a block of no known kind at byte ${start}`);
      isLast = (bits & 1) !== 0;
      yield Buffer.concat([header, await this.take(kind === RUN_LENGTH_BLOCK ? 1 : bits >> 3)]);
    }
    if (hasChecksum) yield this.take(CHECKSUM_SIZE);
  }

  /** Lets go of the file. */
  async close(): Promise<void> {
    await this.pieces.return?.();
  }

  private async take(size: number): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    await this.pass(size, (part) => parts.push(part));
    return Buffer.concat(parts);
  }

  private async skip(size: number): Promise<void> {
    await this.pass(size, () => undefined);
  }

  private async pass(size: number, keep: (part: Uint8Array) => void): Promise<void> {
    for (let missing = size; missing > 0;) {
      if (this.rest.length === 0) {
        const { done, value } = await this.pieces.next();
        if (done === true) throw incomplete(name, errorCode, this.fileSize);
        this.rest = value;
      }
      const part = this.rest.subarray(0, missing);
      keep(part);
      this.rest = this.rest.subarray(part.length);
      this.offset += part.length;
      missing -= part.length;
    }
  }
}
