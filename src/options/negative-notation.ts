/** A way in which accounting writes that a number is negative. */
export enum NegativeNotation {
  /** `50.00-` */
  TRAILING_MINUS = 'trailingMinus',
  /** `(50.00)` */
  PARENTHESES = 'parentheses',
  /** A dash or minus sign of Unicode for the minus: `–50.00`, `−50.00`, `－50.00`. */
  DASHES = 'dashes',
  /** `▲50.00` and `△50.00`, as in Japan. */
  TRIANGLES = 'triangles',
  /** `50.00 DR` and `D 50.00` are negative, `CR` and `C` mark a positive number; in any case. */
  DEBIT = 'debit',
  /** `50.00 CR` and `C 50.00` are negative, `DR` and `D` mark a positive number; in any case. */
  CREDIT = 'credit',
}
