import { ConformanceCase, Suite } from './conformance-case';
import { CSV_ON_THE_WEB } from './csv-on-the-web';
import { CSV_SPECTRUM } from './csv-spectrum';
import { PAPAPARSE } from './papaparse';
import { PYTHON_CSV } from './python-csv';

export const SUITES: readonly Suite[] = [CSV_SPECTRUM, PYTHON_CSV, CSV_ON_THE_WEB, PAPAPARSE];

export const differing = (suite: Suite): ConformanceCase[] => suite.cases.filter(({ differs }) => differs !== undefined);
