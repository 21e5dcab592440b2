import { EXTRA, HeaderLayout } from './header-layout';

/**
 * Under which key the rescue column has each column that is no field: its name. Where that comes again in the file it
 * is numbered (`note`, `note_2`), and a column without a name is called by its place (`column_3`). No key is that of
 * another column of the file.
 *
 * @returns by column; undefined for those that are fields
 */
export function extraNames({ columns, fieldOf }: Pick<HeaderLayout, 'columns' | 'fieldOf'>): Array<string | undefined> {
  const taken = new Set(columns);
  const given = new Set<string>();
  const lastNumber = new Map<string, number>();
  const numbered = (name: string): string => {
    for (let number = (lastNumber.get(name) ?? 1) + 1; ; number++) {
      const candidate = `${name}_${number}`;
      if (taken.has(candidate) || given.has(candidate)) continue;
      lastNumber.set(name, number);
      return candidate;
    }
  };
  return columns.map((column, index) => {
    if (fieldOf[index] !== EXTRA) return undefined;
    const isNameless = column.trim() === '';
    const name = isNameless ? `column_${index + 1}` : column;
    const isFree = !given.has(name) && !(isNameless && taken.has(name));
    const key = isFree ? name : numbered(name);
    given.add(key);
    return key;
  });
}
