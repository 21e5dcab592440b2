/**
 * What CloudWatch makes of an alarm, period by period: the few functions of metric maths that the table of alarms uses,
 * and what it does where there is no data.
 */

/** One value a period, by the id of a metric in an expression, or by the metric's name; undefined: no data. */
export type Series = Readonly<Record<string, ReadonlyArray<number | undefined>>>;
export type AlarmState = 'OK' | 'ALARM';
type Value = number | undefined;

const BREACHES: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
};

/**
 * CloudWatch looks somewhat further back than the periods that it judges by: where one has no data an earlier one stands
 * in for it. By how much it does not say; its table of missing data shows 5 for 3.
 */
const FURTHER_BACK = 2;

/**
 * @param alarm as in the template, all of whose periods must be beyond the threshold; its state was OK before
 * @returns the state after each period
 */
export function statesOf(alarm: any, series: Series): AlarmState[] {
  const { MetricName: name, Metrics: metrics = [], EvaluationPeriods: periods, TreatMissingData: missing } = alarm;
  const expression: string = metrics.find(({ Expression }: any) => Expression !== undefined)?.Expression ?? name;
  const values = Array.from({ length: Math.max(...Object.values(series).map(({ length }) => length)) },
    (_, period) => valueOf(expression, (id) => readAt(series, id, period)));
  let state: AlarmState = 'OK';
  return values.map((_, period) => {
    const looked = Array.from({ length: periods + FURTHER_BACK }, (__, back) => values[period - back]);
    const known = looked.filter((value) => value !== undefined).slice(0, periods);
    const areBeyond = known.every((value) => BREACHES[alarm.ComparisonOperator](value, alarm.Threshold));
    if (!areBeyond || (known.length < periods && missing === 'notBreaching')) state = 'OK';
    else if (known.length === periods || missing === 'breaching') state = 'ALARM';
    return state;
  });
}

function readAt(series: Series, id: string, period: number): Value {
  if (!(id in series)) throw new Error(`expected a series for ${id}, got ${Object.keys(series).join(', ')}`);
  return series[id][period];
}

/** Where a part has no data, or is divided by 0, the whole has none. */
function valueOf(expression: string, read: (id: string) => Value): Value {
  const tokens = expression.match(/[A-Za-z]\w*|\d+(?:\.\d+)?|\S/g)!;
  const take = (expected?: string): string => {
    const token = tokens.shift() ?? 'the end';
    if (expected !== undefined && token !== expected) throw new Error(`expected ${expected} in ${expression}, got ${token}`);
    return token;
  };
  const factor = (): Value => {
    const token = take();
    if (/^\d/.test(token)) return Number(token);
    if (token !== 'FILL') return read(token);
    take('(');
    const filled = factor();
    take(',');
    const filling = factor();
    take(')');
    return filled ?? filling;
  };
  const product = (): Value => {
    let value = factor();
    while (tokens[0] === '*' || tokens[0] === '/') {
      const [sign, other] = [take(), factor()];
      if (value === undefined || other === undefined || (sign === '/' && other === 0)) value = undefined;
      else value = sign === '*' ? value * other : value / other;
    }
    return value;
  };
  let sum = product();
  while (tokens[0] === '+') {
    take();
    const other = product();
    sum = sum === undefined || other === undefined ? undefined : sum + other;
  }
  if (tokens.length > 0) throw new Error(`expected the end in ${expression}, got ${tokens.join(' ')}`);
  return sum;
}
