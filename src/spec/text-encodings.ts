/** Encodings that every byte range of a file has by itself: a line end is one byte. */
const CUT_IN_PLACE = ['utf-8', 'iso-8859-1', 'windows-1252'] as const;
const UTF_16 = ['utf-16le', 'utf-16be'] as const;

/**
 * The other encodings of the WHATWG Encoding Standard, as TextDecoder knows them, with their names for people. Of such
 * a file a text in UTF-8 is made first.
 */
export const LEGACY_ENCODINGS = {
  'ibm866': 'IBM866',
  'iso-8859-2': 'ISO-8859-2',
  'iso-8859-3': 'ISO-8859-3',
  'iso-8859-4': 'ISO-8859-4',
  'iso-8859-5': 'ISO-8859-5',
  'iso-8859-6': 'ISO-8859-6',
  'iso-8859-7': 'ISO-8859-7',
  'iso-8859-8': 'ISO-8859-8',
  'iso-8859-8-i': 'ISO-8859-8-I',
  'iso-8859-10': 'ISO-8859-10',
  'iso-8859-13': 'ISO-8859-13',
  'iso-8859-14': 'ISO-8859-14',
  'iso-8859-15': 'ISO-8859-15',
  'iso-8859-16': 'ISO-8859-16',
  'koi8-r': 'KOI8-R',
  'koi8-u': 'KOI8-U',
  'macintosh': 'Macintosh',
  'windows-874': 'Windows-874',
  'windows-1250': 'Windows-1250',
  'windows-1251': 'Windows-1251',
  'windows-1253': 'Windows-1253',
  'windows-1254': 'Windows-1254',
  'windows-1255': 'Windows-1255',
  'windows-1256': 'Windows-1256',
  'windows-1257': 'Windows-1257',
  'windows-1258': 'Windows-1258',
  'x-mac-cyrillic': 'Mac OS Cyrillic',
  'gbk': 'GBK',
  'gb18030': 'GB18030',
  'big5': 'Big5',
  'euc-jp': 'EUC-JP',
  'iso-2022-jp': 'ISO-2022-JP',
  'shift_jis': 'Shift_JIS',
  'euc-kr': 'EUC-KR',
} as const;

export type LegacyEncodingName = keyof typeof LEGACY_ENCODINGS;
export type Utf16EncodingName = (typeof UTF_16)[number];
/** No byte range of such a file means anything by itself: a text in UTF-8 is made of it first. */
export type TranscodedEncodingName = Utf16EncodingName | LegacyEncodingName;
/** Each byte is a character. */
export type SingleByteEncodingName = Exclude<(typeof CUT_IN_PLACE)[number], 'utf-8'>;
export type TextEncodingName = (typeof CUT_IN_PLACE)[number] | TranscodedEncodingName;

export const TEXT_ENCODINGS: readonly TextEncodingName[] = ['utf-8', ...UTF_16, 'iso-8859-1', 'windows-1252',
  ...Object.keys(LEGACY_ENCODINGS) as LegacyEncodingName[]];

/**
 * The encoding that a label means in the WHATWG Encoding Standard, in any case: `sjis`, `cp1251`, `GB2312`. Undefined
 * where there is none, and where only that standard takes it for Windows-1252 (`latin1`, `ascii`): ISO-8859-1 is an
 * encoding of its own here.
 */
export function encodingOfLabel(label: string): TextEncodingName | undefined {
  const isNamed = (name: string) => TEXT_ENCODINGS.find((encoding) => encoding === name);
  const name = isNamed(label.toLowerCase()) ?? isNamed(standardName(label));
  return name === 'windows-1252' && !label.includes('1252') ? undefined : name;
}

function standardName(label: string): string {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return '';
  }
}

/** Can be cut in place, and is not Unicode. */
export function isSingleByte(encoding: TextEncodingName | undefined): encoding is SingleByteEncodingName {
  return encoding === 'iso-8859-1' || encoding === 'windows-1252';
}

export function isUtf16(encoding: TextEncodingName | undefined): encoding is Utf16EncodingName {
  return encoding === 'utf-16le' || encoding === 'utf-16be';
}

export function isLegacy(encoding: TextEncodingName | undefined): encoding is LegacyEncodingName {
  return encoding !== undefined && encoding in LEGACY_ENCODINGS;
}

const MULTI_BYTE: readonly string[] = ['gbk', 'gb18030', 'big5', 'euc-jp', 'iso-2022-jp', 'shift_jis', 'euc-kr'] satisfies LegacyEncodingName[];

/** A character may take several bytes. */
export function isMultiByte(encoding: LegacyEncodingName): boolean {
  return MULTI_BYTE.includes(encoding);
}

export function isTranscoded(encoding: TextEncodingName): encoding is TranscodedEncodingName {
  return isUtf16(encoding) || isLegacy(encoding);
}

/** The encodings of JSON (RFC 8259, and what was before it). */
export function isUnicode(encoding: TextEncodingName | undefined): encoding is 'utf-8' | Utf16EncodingName {
  return encoding === 'utf-8' || isUtf16(encoding);
}
