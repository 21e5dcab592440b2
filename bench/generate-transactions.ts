import { CURRENCIES } from './currencies';
import { Random } from './random';

/**
 * Bank transactions that nobody made: the same seed gives the same bytes on every machine. 20 % of the merchants are
 * quoted (commas, doubled quotes, some newlines), the timestamps come in three formats, and one record in a thousand is
 * bad in one of seven ways.
 */
export const TRANSACTION_HEADER = 'transaction_id,account_id,transaction_date,amount,currency,merchant,category\n';

export interface TransactionsOptions {
  /** The file ends with the record that reaches this size. */
  readonly sizeBytes: number;
  /** @default 1 */
  readonly seed?: number;
  /** Share of bad records. @default 0.001 */
  readonly badShare?: number;
  /** Whether some bad records have text after a closing quote, which several parsers give up at. @default true */
  readonly textAfterQuotes?: boolean;
}

export interface TransactionsCounts {
  records: number;
  bad: number;
}

const PIECE_LENGTH = 262_144;

const CATEGORIES = ['groceries', 'travel', 'dining', 'utilities', 'entertainment', 'health', 'transport', 'rent', 'salary', 'transfer', 'fees', 'other'];
const NAMES = ['Acme', 'Global', 'Northwind', 'Blue Sky', 'Sunrise', 'Metro', 'Prime', 'Quick', 'Royal', 'Star', 'Green Leaf', 'Pacific', 'Zoë', '東京'];
const TRADES = ['Market', 'Foods', 'Airlines', 'Coffee House', 'Books', 'Electronics', 'Pharmacy', 'Fuel', 'Hotels', 'Logistics', 'Insurance', 'Media'];
const FORMS = ['Inc.', 'Ltd', 'LLC', 'GmbH', 'Corp', 'S.A.', 'Pty'];
const ID_CHARACTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

const two = (value: number) => String(value).padStart(2, '0');

function transactionId(random: Random): string {
  return 'TX' + Array.from({ length: 10 }, () => ID_CHARACTERS[random.below(ID_CHARACTERS.length)]).join('');
}

/** ISO 8601 with an offset or Z, a blank instead of the T, or as written in the United States. */
function timestamp(random: Random): string {
  const date = [2023 + random.below(3), two(1 + random.below(12)), two(1 + random.below(28))];
  const time = [two(random.below(24)), two(random.below(60)), two(random.below(60))];
  const kind = random.next();
  if (kind < 0.7) return `${date.join('-')}T${time.join(':')}Z`;
  if (kind < 0.8) return `${date.join('-')}T${time.join(':')}.${random.digits(3)}${random.pick(['+02:00', '-05:00', '+00:00'])}`;
  if (kind < 0.9) return `${date.join('-')} ${time.join(':')}`;
  return `${date[1]}/${date[2]}/${date[0]} ${time[0]}:${time[1]}`;
}

function amount(random: Random): string {
  const sign = random.chance(0.1) ? '-' : '';
  const units = random.below(random.chance(0.8) ? 1_000 : 1_000_000);
  const kind = random.next();
  if (kind < 0.05) return `${sign}${units}`;
  return `${sign}${units}.${random.digits(kind < 0.1 ? 1 : 2)}`;
}

function merchant(random: Random): string {
  let name = `${random.pick(NAMES)} ${random.pick(TRADES)}`;
  if (!random.chance(0.2)) return name;
  name += `, ${random.pick(FORMS)}`;
  if (random.chance(0.05)) name += ` "${random.pick(NAMES)}"`;
  if (random.chance(0.02)) name += `\nBranch ${random.below(100)}`;
  return name;
}

/** One record as it stands in the file, with what is in it: an oracle that needs no parser. */
export interface Transaction {
  /** The record's text, with its newline. */
  readonly text: string;
  /** Unquoted, in the order of the header. */
  readonly values: readonly string[];
  /** What is wrong with it on purpose. */
  readonly fault?: Fault;
}

export interface Fault {
  /** The reject code that it must get. */
  readonly code: string;
  /** Where the fault lies in one field. */
  readonly column?: string;
  readonly apply: (fields: string[]) => void;
}

const FAULTS: readonly Fault[] = [
  { code: 'required', column: 'transaction_id', apply: (fields) => { fields[0] = ''; } },
  { code: 'required', column: 'account_id', apply: (fields) => { fields[1] = ''; } },
  { code: 'type', column: 'transaction_date', apply: (fields) => { fields[2] = '2024-13-45T00:00:00Z'; } },
  { code: 'type', column: 'amount', apply: (fields) => { fields[3] += ' EUR'; } },
  { code: 'constraint', column: 'currency', apply: (fields) => { fields[4] = 'euro'; } },
  { code: 'quote', column: 'merchant', apply: (fields) => { fields[5] = '"Acme" Market'; } },
  { code: 'field_count', apply: (fields) => { fields.pop(); } },
];

function transaction(random: Random, badShare: number, faults: readonly Fault[]): Transaction {
  const name = merchant(random);
  const values = [
    transactionId(random), 'ACC' + random.digits(8), timestamp(random), amount(random),
    random.pick(CURRENCIES), name, random.chance(0.03) ? '' : random.pick(CATEGORIES),
  ];
  const fields = [...values];
  if (/[,"\n]/.test(name)) fields[5] = `"${name.replaceAll('"', '""')}"`;
  const fault = random.chance(badShare) ? random.pick(faults) : undefined;
  fault?.apply(fields);
  return { text: fields.join(',') + '\n', values, fault };
}

/** The records of the file, one by one. */
export function* transactions(options: TransactionsOptions): Generator<Transaction> {
  const random = new Random(options.seed ?? 1);
  const faults = options.textAfterQuotes === false ? FAULTS.filter(({ code }) => code !== 'quote') : FAULTS;
  for (let size = Buffer.byteLength(TRANSACTION_HEADER); size < options.sizeBytes;) {
    const record = transaction(random, options.badShare ?? 0.001, faults);
    size += Buffer.byteLength(record.text);
    yield record;
  }
}

/** The file, in pieces of whole records; returns what is in it. */
export function* generateTransactions(options: TransactionsOptions): Generator<Buffer, TransactionsCounts> {
  const counts = { records: 0, bad: 0 };
  let piece = TRANSACTION_HEADER;
  for (const { text, fault } of transactions(options)) {
    piece += text;
    counts.records += 1;
    if (fault !== undefined) counts.bad += 1;
    if (piece.length >= PIECE_LENGTH) {
      yield Buffer.from(piece);
      piece = '';
    }
  }
  if (piece.length > 0) yield Buffer.from(piece);
  return counts;
}
