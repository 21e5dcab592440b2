/** How each byte is written within a JSON string: as itself where it needs no escape. */
export const JSON_ESCAPES: readonly Buffer[] = Array.from({ length: 256 },
  (_, byte) => Buffer.from(JSON.stringify(String.fromCharCode(byte)).slice(1, -1), 'latin1'));
