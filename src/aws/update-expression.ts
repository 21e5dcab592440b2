/**
 * One conditional update of an item. Its expressions never name an attribute directly, because `status`, `start`, `end`
 * and others are reserved words of DynamoDB: `#name` is the attribute `name`, and `:name` its new value.
 */
export interface ItemUpdate {
  /** Attributes to set; `undefined` removes the attribute. */
  readonly changes: Readonly<Record<string, unknown>>;
  /** Further assignments, for new values that depend on the item's old ones. */
  readonly assignments?: readonly string[];
  /** Default: none, and the item is made where there is none. */
  readonly condition?: string;
  /** The values in `assignments` and `condition` that are not values of `changes`. */
  readonly values?: Readonly<Record<string, unknown>>;
}

export interface UpdateExpression {
  readonly UpdateExpression: string;
  readonly ConditionExpression?: string;
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
    ExpressionAttributeNames: attributeNames(update, condition ?? ''),
    // DynamoDB refuses an empty object.
    ...(Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {}),
  };
}

/** `ExpressionAttributeNames` for all `#name` placeholders in the expressions. */
export function attributeNames(...expressions: string[]): Record<string, string> {
  const placeholders = expressions.join(' ').match(/#\w+/g) ?? [];
  return Object.fromEntries(placeholders.map((placeholder) => [placeholder, placeholder.slice(1)]));
}

function clause(keyword: string, parts: readonly string[]): string {
  return parts.length > 0 ? `${keyword} ${parts.join(', ')}` : '';
}
