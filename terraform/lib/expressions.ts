/** An expression of Terraform's language, such as `aws_sqs_queue.Jobs.arn`. */
export class Expression {
  constructor(readonly code: string) {}
}

/** A text, part by part: what stands there literally, and what Terraform puts in its place. */
export type Text = ReadonlyArray<string | Expression>;

/** The template of Terraform that gives the text. */
export function render(text: Text): string {
  return renderParts(joinLiterals(text), escape);
}

/** The expression that gives the text, as an argument of a function. */
export function renderArgument(text: Text): string {
  const parts = joinLiterals(text);
  const [first] = parts;
  if (parts.length === 1 && first instanceof Expression) return first.code;
  return `"${renderParts(parts, (literal) => JSON.stringify(escape(literal)).slice(1, -1))}"`;
}

function renderParts(parts: Text, renderLiteral: (literal: string) => string): string {
  return parts.map((part, index) => {
    if (part instanceof Expression) return `\${${part.code}}`;
    const literal = renderLiteral(part);
    // `$` and `${…}` side by side would be read as an escaped `${`.
    const isBeforeExpression = index + 1 < parts.length;
    return isBeforeExpression ? literal.replace(/\$+$/, (dollars) => `\${"${dollars}"}`) : literal;
  }).join('');
}

/** Terraform reads `${` and `%{` in every text. */
export function escape(literal: string): string {
  return literal.replace(/[$%](?=\{)/g, '$&$&');
}

/** A `$` that ends one literal and a `{` that begins the next one belong together. */
function joinLiterals(text: Text): Text {
  const joined: Array<string | Expression> = [];
  for (const part of text) {
    const last = joined.at(-1);
    if (typeof part === 'string' && typeof last === 'string') joined[joined.length - 1] = last + part;
    else joined.push(part);
  }
  return joined;
}
