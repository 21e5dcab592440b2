/** How the characters of a text are written as bytes. */
export enum TextEncoding {
  /** The default of everything on the web. */
  UTF_8 = 'utf-8',

  /** UTF-16, little-endian: what Windows calls Unicode. */
  UTF_16LE = 'utf-16le',

  /** UTF-16, big-endian. */
  UTF_16BE = 'utf-16be',

  /** Latin-1: Western European, one byte a character. */
  ISO_8859_1 = 'iso-8859-1',

  /**
   * What Windows programs write in Western Europe and America: Latin-1 with typographic characters and the euro sign.
   */
  WINDOWS_1252 = 'windows-1252',
}
