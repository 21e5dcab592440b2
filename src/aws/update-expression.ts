/** DynamoDB expressions. Every name goes through a placeholder: `status`, `start`, `end` and others are reserved words. */
export interface UpdateExpression {
  readonly UpdateExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, unknown>;
}

/** `SET` for every value, `REMOVE` for every `undefined`. */
export function updateExpression(changes: Readonly<Record<string, unknown>>): UpdateExpression {
  const names = Object.keys(changes);
  const set = names.filter((name) => changes[name] !== undefined);
  const remove = names.filter((name) => changes[name] === undefined);
  return {
    UpdateExpression: [
      set.length > 0 ? `SET ${set.map((name) => `#${name} = :${name}`).join(', ')}` : '',
      remove.length > 0 ? `REMOVE ${remove.map((name) => `#${name}`).join(', ')}` : '',
    ].join(' ').trim(),
    ExpressionAttributeNames: placeholders(...names),
    ...(set.length > 0 ? { ExpressionAttributeValues: Object.fromEntries(set.map((name) => [`:${name}`, changes[name]])) } : {}),
  };
}

export function placeholders(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [`#${name}`, name]));
}
