import { BLOCK, PROGRAM, SLACK } from './layout';

/** The bytes of a program as they are to lie in the module's memory, from `PROGRAM` on; gathered piece by piece. */
export class Image {
  private bytes = Buffer.alloc(4096);
  private used = 0;

  /** @returns the address of `size` zero bytes, at the start of a block */
  allocate(size: number): number {
    const address = PROGRAM + this.used;
    this.used += Math.ceil(size / BLOCK) * BLOCK;
    if (this.used + SLACK > this.bytes.length) {
      const wider = Buffer.alloc((this.used + SLACK) * 2);
      this.bytes.copy(wider);
      this.bytes = wider;
    }
    return address;
  }

  word(address: number, value: number): void {
    this.bytes.writeInt32LE(value, address - PROGRAM);
  }

  words(address: number, values: readonly number[]): void {
    values.forEach((value, index) => this.word(address + index * 4, value));
  }

  wide(address: number, value: bigint): void {
    this.bytes.writeBigInt64LE(value, address - PROGRAM);
  }

  double(address: number, value: number): void {
    this.bytes.writeDoubleLE(value, address - PROGRAM);
  }

  copy(address: number, bytes: Uint8Array): void {
    this.bytes.set(bytes, address - PROGRAM);
  }

  /** @returns the address of these bytes */
  place(bytes: Uint8Array): number {
    const address = this.allocate(bytes.length);
    this.copy(address, bytes);
    return address;
  }

  finish(): Uint8Array {
    return this.bytes.subarray(0, this.used + SLACK);
  }
}
