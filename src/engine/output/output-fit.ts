/**
 * Not every output holds every value. A record that would not come back as it is, is refused before an encoder sees it: encoders
 * never round, and never fail.
 */
import { OutputSettings } from './output-settings';
import { OutputColumn } from '../format/format';
import { quote } from '../types/field-converter';
import { parquetColumn } from './parquet/parquet-column';

export interface FitFault {
  readonly column: string;
  readonly message: string;
}

/** @param values as an encoder would get them, without metadata columns */
export type FitCheck = (values: readonly string[]) => FitFault | undefined;

/**
 * @returns undefined: the output holds every record
 * @throws Error, which names the field, when a column is none that the output can have
 */
export function compileFit(columns: readonly OutputColumn[], { format, metadataColumns = [] }: OutputSettings): FitCheck | undefined {
  switch (format) {
    case 'parquet':
      return parquetFit(columns);
    case 'csv':
      return columns.length + metadataColumns.length === 1 ? onlyValueFit(columns[0].name) : undefined;
    default:
      return undefined;
  }
}

/** A record of one missing value would be a blank line, and readers skip those. */
function onlyValueFit(column: string): FitCheck {
  const fault: FitFault = { column, message: 'must be a value where it is the only column (CSV), got none' };
  return ([json]) => json === 'null' ? fault : undefined;
}

function parquetFit(columns: readonly OutputColumn[]): FitCheck | undefined {
  const checks = columns.map(parquetColumn).flatMap(({ fits, capacity }, index) => fits === undefined ? [] : [{ index, fits, capacity }]);
  if (checks.length === 0) return undefined;
  return (values) => {
    for (const { index, fits, capacity } of checks) {
      const json = values[index];
      if (json !== 'null' && !fits(json)) {
        return { column: columns[index].name, message: `must fit into ${capacity} (Parquet), got ${quote(json.replaceAll('"', ''))}` };
      }
    }
    return undefined;
  };
}
