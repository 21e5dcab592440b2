/**
 * One conditional update of an item. In its expressions every attribute goes through a placeholder, since `status`, `start`, `end` and others are
 * reserved words: `#name` is the attribute `name`, and `:name` the value that it gets.
 */
export interface ItemUpdate {
  /** Attributes to set; `undefined` removes the attribute. */
  readonly changes: Readonly<Record<string, unknown>>;
  /** Assignments that depend on what the item holds. */
  readonly assignments?: readonly string[];
  readonly condition: string;
  /** What the placeholders in assignments and condition stand for, beyond the values of `changes`. */
  readonly values?: Readonly<Record<string, unknown>>;
}

export interface UpdateExpression {
  readonly UpdateExpression: string;
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, unknown>;
}

export function updateExpression({ changes, assignments = [], condition, values: further = {} }: ItemUpdate): UpdateExpression {
  const names = Object.keys(changes);
  const set = names.filter((name) => changes[name] !== undefined);
  const remove = names.filter((name) => changes[name] === undefined);
  const clauses = [
    clause('SET', [...assignments, ...set.map((name) => `#${name} = :${name}`)]),
    clause('REMOVE', remove.map((name) => `#${name}`)),
  ];
  const update = clauses.filter((text) => text !== '').join(' ');
  const values = { ...Object.fromEntries(set.map((name) => [`:${name}`, changes[name]])), ...further };
  return {
    UpdateExpression: update,
    ConditionExpression: condition,
    ExpressionAttributeNames: attributeNames(update, condition),
    // DynamoDB refuses an empty list.
    ...(Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {}),
  };
}

/** What the placeholders of attributes in the expressions stand for. */
export function attributeNames(...expressions: string[]): Record<string, string> {
  const placeholders = expressions.join(' ').match(/#\w+/g) ?? [];
  return Object.fromEntries(placeholders.map((placeholder) => [placeholder, placeholder.slice(1)]));
}

function clause(keyword: string, parts: readonly string[]): string {
  return parts.length > 0 ? `${keyword} ${parts.join(', ')}` : '';
}
