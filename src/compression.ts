/** How a file is compressed. */
export enum Compression {
  /** Not at all. */
  NONE = 'none',

  /** Gzip (RFC 1952), of one member or of several. */
  GZIP = 'gzip',
}
