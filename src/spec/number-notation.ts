/**
 * How numbers are written that are not plain: what may stand around one, and how accounting writes that one is
 * negative.
 */

/**
 * Ours. `trailingMinus`: `50.00-`; `parentheses`: `(50.00)`; `dashes`: a dash of Unicode for the minus, `–50.00`;
 * `triangles`: `▲50.00`, `△50.00`; `debit`: `50.00 DR` and `D 50.00` are negative, `CR` and `C` mark a positive number;
 * `credit`: the other way round.
 */
export const NEGATIVE_NOTATIONS = ['trailingMinus', 'parentheses', 'dashes', 'triangles', 'debit', 'credit'] as const;
export type NegativeNotationName = (typeof NEGATIVE_NOTATIONS)[number];

/** What stands for a minus: hyphens, dashes and minus signs of Unicode 16 that are no ASCII. */
export const DASHES = '\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d';
export const TRIANGLES = '▲△';
/** What says of a number that it is negative, in some notation: such a character is no part of its digits. */
const SIGNS = `+\\-${DASHES}${TRIANGLES}()`;
/** What may separate the fraction of a number, or groups of its digits. */
export const SEPARATOR = new RegExp(`^[^\\deE\\r\\n${SIGNS}]$`, 'u');

/** ISO 4217, with the codes of the last decades that are not in use any more. */
const CURRENCY_CODES = 'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BYR BZD CAD CDF CHE CHF CHW '
  + 'CLF CLP CNH CNY COP COU CRC CUC CUP CVE CYP CZK DEM DJF DKK DOP DZD EEK EGP ERN ESP ETB EUR FIM FJD FKP FRF GBP GEL GHS GIP GMD '
  + 'GNF GRD GTQ GYD HKD HNL HRK HTG HUF IDR IEP ILS INR IQD IRR ISK ITL JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR '
  + 'LRD LSL LTL LUF LVL LYD MAD MDL MGA MKD MMK MNT MOP MRO MRU MTL MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NLG NOK NPR NZD OMR PAB '
  + 'PEN PGK PHP PKR PLN PTE PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SIT SKK SLE SLL SOS SRD SSP STD STN SVC SYP SZL THB '
  + 'TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF XAG XAU XCD XCG XDR XOF XPD XPF XPT XSU '
  + 'YER ZAR ZMW ZWG ZWL';

/** Signs that are letters, or begin with letters, as banks write them; those of one character are `\p{Sc}`. */
const CURRENCY_SIGNS = [
  'A$', 'AU$', 'Bs', 'Bs.', 'C$', 'CA$', 'CFA', 'CN¥', 'EC$', 'FCFA', 'Fr', 'Fr.', 'Ft', 'GH₵', 'HK$', 'Kč', 'kn', 'kr', 'kr.', 'Kz', 'lei',
  'MX$', 'NT$', 'NZ$', 'R$', 'RM', 'Rp', 'Rp.', 'Rs', 'Rs.', 'S$', 'S/', 'SFr.', 'TL', 'US$', 'zł', 'руб', 'руб.', 'лв', 'лв.', '元', '円',
];

/**
 * A regular expression's source (flags `u` and `i`) for what may stand around a number: signs and codes of currencies,
 * per cent, blanks.
 */
export function surroundings(): string {
  const words = [...CURRENCY_CODES.split(' '), ...CURRENCY_SIGNS].sort((a, b) => b.length - a.length).map((word) => word.replace(/[$./]/g, '\\$&'));
  return `(?:\\s|[\\p{Sc}%‰]|(?<!\\p{L})(?:${words.join('|')})(?!\\p{L}))*`;
}
