/**
 * How the characters of a text are written as bytes: the encodings of the WHATWG Encoding Standard by their names there,
 * with ISO-8859-1 beside them. Of a text in another than UTF-8, ISO-8859-1 and Windows-1252 one in UTF-8 is made first.
 */
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

  /** DOS, Cyrillic. */
  IBM866 = 'ibm866',

  /** Latin-2: Central European. */
  ISO_8859_2 = 'iso-8859-2',

  /** Latin-3: South European. */
  ISO_8859_3 = 'iso-8859-3',

  /** Latin-4: North European. */
  ISO_8859_4 = 'iso-8859-4',

  /** Cyrillic. */
  ISO_8859_5 = 'iso-8859-5',

  /** Arabic. */
  ISO_8859_6 = 'iso-8859-6',

  /** Greek. */
  ISO_8859_7 = 'iso-8859-7',

  /** Hebrew, in visual order. */
  ISO_8859_8 = 'iso-8859-8',

  /** Hebrew, in logical order. */
  ISO_8859_8_I = 'iso-8859-8-i',

  /** Latin-6: Nordic. */
  ISO_8859_10 = 'iso-8859-10',

  /** Latin-7: Baltic. */
  ISO_8859_13 = 'iso-8859-13',

  /** Latin-8: Celtic. */
  ISO_8859_14 = 'iso-8859-14',

  /** Latin-9: Latin-1 with the euro sign. */
  ISO_8859_15 = 'iso-8859-15',

  /** Latin-10: South-Eastern European. Needs a runtime that knows it: Node.js 24. */
  ISO_8859_16 = 'iso-8859-16',

  /** Cyrillic, Russian. */
  KOI8_R = 'koi8-r',

  /** Cyrillic, Ukrainian. */
  KOI8_U = 'koi8-u',

  /** What Mac OS wrote in Western Europe and America, Excel for Mac too. */
  MACINTOSH = 'macintosh',

  /** Thai, and ISO-8859-11. */
  WINDOWS_874 = 'windows-874',

  /** What Windows writes in Central Europe. */
  WINDOWS_1250 = 'windows-1250',

  /** What Windows writes in Cyrillic. */
  WINDOWS_1251 = 'windows-1251',

  /** What Windows writes in Greek. */
  WINDOWS_1253 = 'windows-1253',

  /** What Windows writes in Turkish, and ISO-8859-9. */
  WINDOWS_1254 = 'windows-1254',

  /** What Windows writes in Hebrew. */
  WINDOWS_1255 = 'windows-1255',

  /** What Windows writes in Arabic. */
  WINDOWS_1256 = 'windows-1256',

  /** What Windows writes in the Baltic countries. */
  WINDOWS_1257 = 'windows-1257',

  /** What Windows writes in Vietnamese. */
  WINDOWS_1258 = 'windows-1258',

  /** What Mac OS wrote in Cyrillic. */
  X_MAC_CYRILLIC = 'x-mac-cyrillic',

  /** Simplified Chinese, and GB2312. */
  GBK = 'gbk',

  /** Chinese, all of Unicode. */
  GB18030 = 'gb18030',

  /** Traditional Chinese. */
  BIG5 = 'big5',

  /** Japanese, Unix. */
  EUC_JP = 'euc-jp',

  /** Japanese, e-mail. */
  ISO_2022_JP = 'iso-2022-jp',

  /** What Windows writes in Japanese. */
  SHIFT_JIS = 'shift_jis',

  /** What Windows writes in Korean. */
  EUC_KR = 'euc-kr',
}
