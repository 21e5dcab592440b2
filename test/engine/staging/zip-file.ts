import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipMember {
  readonly name: string;
  readonly text: string | Buffer;
  /** Default: Deflate. */
  readonly method?: number;
  readonly isEncrypted?: boolean;
  /** In place of the right ones. */
  readonly checksum?: number;
  readonly size?: number;
  /** In place of what Deflate makes. */
  readonly data?: Buffer;
}

/** A ZIP archive (APPNOTE 6.3), its members one after the other, then the directory. */
export function zipOf(...members: ZipMember[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const { name, method = 8, isEncrypted = false } = member;
    const text = Buffer.from(member.text);
    const data = member.data ?? (method === 8 ? deflateRawSync(text) : text);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(Number(isEncrypted), 2);
    shared.writeUInt16LE(method, 4);
    shared.writeUInt32LE(member.checksum ?? crc32(text), 10);
    shared.writeUInt32LE(data.length, 14);
    shared.writeUInt32LE(member.size ?? text.length, 18);
    shared.writeUInt16LE(name.length, 22);
    parts.push(Buffer.from('PK\x03\x04', 'latin1'), shared, Buffer.from(name), data);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), shared, place, Buffer.from(name));
    offset += 30 + name.length + data.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, entries, end]);
}
