/**
 * The spellings that published schemas have for one thing, brought to the one that the checks and the engine know.
 * What is not of the right form is left as it is: the checks tell.
 */

type Values = Readonly<Record<string, unknown>>;

/** @returns the descriptor itself, where there is nothing to bring */
export function canonicalSchema(descriptor: unknown): unknown {
  return mapProperties(descriptor, (name, value) => {
    switch (name) {
      case 'missingValues':
        return mapItems(value, withoutLabel);
      case 'fields':
        return mapItems(value, canonicalField);
      default:
        return value;
    }
  });
}

function canonicalField(field: unknown): unknown {
  return mapProperties(field, (name, value, { type }) => {
    switch (name) {
      case 'missingValues':
        return mapItems(value, withoutLabel);
      case 'format':
        return withoutOldPrefix(value);
      case 'formats':
        return mapItems(value, withoutOldPrefix);
      case 'constraints':
        return value === null ? undefined : mapProperties(value, (constraint, given) => canonicalConstraint(constraint, given, type));
      case 'groupChar':
        return value === '' ? undefined : value;
      default:
        return value;
    }
  });
}

function canonicalConstraint(name: string, value: unknown, type: unknown): unknown {
  if (value === null) return undefined;
  if (name === 'required' || name === 'unique') return value === 'true' ? true : value === 'false' ? false : value;
  return isNoLimit(name, value, type) ? undefined : value;
}

/** `{ "value": "-9", "label": "refused" }`: the label only describes. */
function withoutLabel(item: unknown): unknown {
  if (!isObject(item) || typeof item.value !== 'string') return item;
  const isLabelled = Object.keys(item).every((name) => name === 'value' || name === 'label');
  return isLabelled ? item.value : item;
}

/** What version 0 of the standard wrote before patterns of dates. */
function withoutOldPrefix(format: unknown): unknown {
  return typeof format === 'string' && format.startsWith('fmt:') ? format.slice('fmt:'.length) : format;
}

/** Infinity, as Table Schema writes it: no number is beyond it. */
function isNoLimit(constraint: string, limit: unknown, type: unknown): boolean {
  if ((type !== 'number' && type !== 'decimal') || typeof limit !== 'string') return false;
  return /^(?:exclusiveM|m)inimum$/.test(constraint) ? /^-inf$/i.test(limit) : /^(?:exclusiveM|m)aximum$/.test(constraint) && /^\+?inf$/i.test(limit);
}

function isObject(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What is mapped to undefined is left out. */
function mapProperties(value: unknown, map: (name: string, property: unknown, properties: Values) => unknown): unknown {
  if (!isObject(value)) return value;
  const entries = Object.entries(value);
  const mapped = entries.map(([name, property]) => [name, map(name, property, value)] as const);
  return mapped.every(([, property], index) => property === entries[index][1])
    ? value
    : Object.fromEntries(mapped.filter(([, property]) => property !== undefined));
}

function mapItems(value: unknown, map: (item: unknown) => unknown): unknown {
  if (!Array.isArray(value)) return value;
  const mapped = value.map(map);
  return mapped.every((item, index) => item === value[index]) ? value : mapped;
}
