import { createWriteStream, existsSync, renameSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Schema } from '../../src/spec/schema';
import { Random } from '../random';

/** A file that the engines compete on. */
export interface BenchFile {
  readonly name: string;
  readonly schema: Schema;
  /** Makes or fetches the file unless it is there. @param sizeMb where its size can be chosen @returns its path */
  provide(directory: string, sizeMb?: number): Promise<string>;
}

const PIECE_LENGTH = 262_144;

/** A file that is the same bytes on every machine. @param pieces of it, whole records, until `sizeBytes` are reached */
export function generatedFile(name: string, schema: Schema, defaultSizeMb: number, pieces: (sizeBytes: number) => Iterable<Buffer>): BenchFile {
  return {
    name,
    schema,
    async provide(directory, sizeMb = defaultSizeMb) {
      const file = path.join(directory, `${name}-${sizeMb}.csv`);
      if (!existsSync(file)) {
        // A file that is half written is not taken for one.
        await pipeline(pieces(sizeMb * 1e6), createWriteStream(`${file}.part`));
        renameSync(`${file}.part`, file);
      }
      return file;
    },
  };
}

/** Share of records with a fault, in the files where that is not the point. */
const BAD_SHARE = 0.001;

/**
 * Header and records of a schema.
 *
 * @param record its fields, as they are to stand in the file
 * @param faults what can be wrong with such a record; one in a thousand has one
 */
export function* generateRecords(schema: Schema, sizeBytes: number, record: (random: Random) => string[],
  faults: ReadonlyArray<(fields: string[]) => void>): Generator<Buffer> {
  const random = new Random(1);
  let piece = schema.fields.map(({ name }) => name).join(',') + '\n';
  for (let size = 0; size < sizeBytes;) {
    const fields = record(random);
    if (random.chance(BAD_SHARE)) random.pick(faults)(fields);
    piece += fields.join(',') + '\n';
    if (piece.length < PIECE_LENGTH) continue;
    const bytes = Buffer.from(piece);
    piece = '';
    size += bytes.length;
    yield bytes;
  }
}

/** A field as a writer of CSV that quotes everything has it. */
export function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
