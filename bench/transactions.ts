import { Schema } from '../src/engine/schema';

export const CURRENCIES = ['USD', 'EUR', 'GBP', 'JPY', 'CHF', 'AUD', 'CAD', 'CNY', 'SEK', 'NOK', 'DKK', 'PLN', 'CZK', 'HUF', 'INR', 'BRL', 'MXN', 'ZAR', 'SGD', 'HKD'];

/** The full job on bank transactions, as a user of the library writes it. */
export const TRANSACTIONS_SCHEMA: Schema = {
  fields: [
    { name: 'transaction_id', type: 'string', constraints: { required: true, pattern: 'TX[0-9A-Z]{10}' } },
    { name: 'account_id', type: 'string', constraints: { required: true, pattern: 'ACC[0-9]{8}' } },
    { name: 'transaction_date', type: 'datetime', formats: ['default', '%Y-%m-%d %H:%M:%S', '%m/%d/%Y %H:%M'], constraints: { required: true } },
    { name: 'amount', type: 'decimal', constraints: { required: true } },
    { name: 'currency', type: 'string', constraints: { required: true, enum: CURRENCIES } },
    { name: 'merchant', type: 'string', constraints: { required: true, minLength: 1, maxLength: 100 } },
    { name: 'category', type: 'string', constraints: { maxLength: 32 } },
  ],
};

// The same job by hand, for engines that only split: as an expert would write it, with compiled patterns and no Date where
// text will do.
const TRANSACTION_ID = /^TX[0-9A-Z]{10}$/;
const ACCOUNT_ID = /^ACC[0-9]{8}$/;
const AMOUNT = /^([+-]?)0*(\d+)(?:\.(\d+))?$/;
const ISO = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,3}))?(Z|[+-]\d\d:\d\d)$/;
const BLANK = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)$/;
const AMERICAN = /^(\d\d)\/(\d\d)\/(\d{4}) (\d\d):(\d\d)$/;
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const NEEDS_ESCAPE = /["\\\u0000-\u001f]/;
const currencies = new Set(CURRENCIES);

function real(year: number, month: number, day: number, hour: number, minute: number, second: number): boolean {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month >= 1 && month <= 12 && day >= 1 && day <= DAYS[month - 1] && (month !== 2 || day < 29 || leap)
    && hour < 24 && minute < 60 && second < 60;
}

function timestamp(text: string): string | undefined {
  let match = ISO.exec(text);
  if (match !== null) {
    if (!real(+match[1], +match[2], +match[3], +match[4], +match[5], +match[6])) return undefined;
    const offset = match[8];
    if (offset === 'Z' || offset === '+00:00') return `${text.slice(0, 19)}.${(match[7] ?? '').padEnd(3, '0')}Z`;
    if (+offset.slice(1, 3) > 23 || +offset.slice(4) > 59) return undefined;
    return new Date(text).toISOString();
  }
  match = BLANK.exec(text);
  if (match !== null) {
    if (!real(+match[1], +match[2], +match[3], +match[4], +match[5], +match[6])) return undefined;
    return `${text.slice(0, 10)}T${text.slice(11)}.000Z`;
  }
  match = AMERICAN.exec(text);
  if (match === null || !real(+match[3], +match[1], +match[2], +match[4], +match[5], 0)) return undefined;
  return `${match[3]}-${match[1]}-${match[2]}T${match[4]}:${match[5]}:00.000Z`;
}

function decimal(text: string): string | undefined {
  const match = AMOUNT.exec(text);
  if (match === null) return undefined;
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  const digits = fraction === '' ? match[2] : `${match[2]}.${fraction}`;
  return match[1] === '-' && digits !== '0' ? `-${digits}` : digits;
}

function json(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`;
}

/** @returns the record's line of JSON, or undefined where it is rejected */
export function transactionLine(fields: readonly string[]): string | undefined {
  if (fields.length !== 7) return undefined;
  const [id, account, time, amount, currency, merchant, category] = fields;
  if (!TRANSACTION_ID.test(id) || !ACCOUNT_ID.test(account)) return undefined;
  const date = timestamp(time);
  if (date === undefined) return undefined;
  const value = decimal(amount);
  if (value === undefined || !currencies.has(currency)) return undefined;
  if (merchant.length < 1 || merchant.length > 100 || category.length > 32) return undefined;
  return `{"transaction_id":"${id}","account_id":"${account}","transaction_date":"${date}","amount":"${value}","currency":"${currency}"`
    + `,"merchant":${json(merchant)},"category":${category === '' ? 'null' : json(category)}}\n`;
}
