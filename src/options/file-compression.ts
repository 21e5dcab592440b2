/** How a file is compressed: one that lands, or a part file that is published. */
export enum FileCompression {
  /** Not at all. */
  NONE = 'none',

  /** Gzip (RFC 1952). A file that lands may have several members. */
  GZIP = 'gzip',

  /**
   * Zstandard (RFC 8878), for files that land: any number of frames, with windows of 128 MiB at most. The command needs
   * Node.js 22.15 or later for it.
   */
  ZSTD = 'zstd',

  /** A ZIP archive with one file in it, for files that land. */
  ZIP = 'zip',
}
