/** Objects in texts and values that others have sent, which may be anything. */

export type JsonObject = Readonly<Record<string, unknown>>;

/** @returns undefined where the text is no JSON, or is no object */
export function parseObject(text: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as JsonObject : undefined;
}
