/** How a file is compressed: one that lands, or a part file that is published. */
export enum FileCompression {
  /** Not at all. */
  NONE = 'none',

  /** Gzip (RFC 1952). A file that lands may have several members. */
  GZIP = 'gzip',
}
