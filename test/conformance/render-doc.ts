import { ConformanceCase, Suite, Values } from './conformance-case';
import { differing } from './suites';

/** `docs/conformance.md`, from the cases. */
export function renderConformance(suites: readonly Suite[]): string {
  const why = reasons(suites);
  const total = (pick: (suite: Suite) => number) => suites.reduce((sum, suite) => sum + pick(suite), 0);
  const run = (suite: Suite) => suite.cases.length;
  const differ = (suite: Suite) => differing(suite).length;
  return [
    '# Conformance',
    '',
    'How the engine reads what the test suites of others read, and every case in which it comes to something else. The cases are',
    'data in `test/conformance/`. Each runs through both paths of the engine, as one chunk and cut at every small chunk size, and',
    'must come to the same. csv-spectrum is read from its npm package, the others are written anew from the sources named; a case keeps',
    'its name there. `npx tsx test/conformance/write-doc.ts` writes this page; a test holds it to the cases.',
    '',
    'These are cases of one rule each. What becomes of whole files that are polluted in 2,290 ways, here and in other loaders, is on a page of its',
    'own: [Pollock](pollock.md).',
    '',
    'The schema of a case has as many string fields as its first expected record, no missing values and no header, unless the',
    'suite says otherwise. What a suite reports as an error we agree with by rejecting the record.',
    '',
    '| suite | version | cases | the same | different | not applicable |',
    '|---|---|---:|---:|---:|---:|',
    ...suites.map((suite) => `| [${suite.name}](${suite.url}) | ${suite.version} | ${run(suite)} | ${run(suite) - differ(suite)} | ${differ(suite)} | ${notApplicable(suite)} |`),
    `| | | ${total(run)} | ${total(run) - total(differ)} | ${total(differ)} | |`,
    '',
    '## Why we differ',
    '',
    ...why.map(({ text, cases }, index) => `${index + 1}. ${text} *${cases} ${cases === 1 ? 'case' : 'cases'}.*`),
    ...suites.flatMap((suite) => section(suite, why.map(({ text }) => text))),
    '',
  ].join('\n');
}

/** The most frequent first: the tables name them by number. */
function reasons(suites: readonly Suite[]): Array<{ text: string; cases: number }> {
  const counts = new Map<string, number>();
  for (const text of suites.flatMap(differing).flatMap(({ differs }) => differs!.why)) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].map(([text, cases]) => ({ text, cases })).sort((a, b) => b.cases - a.cases);
}

function notApplicable(suite: Suite): string {
  const count = suite.notApplicable.reduce((sum, part) => sum + part.count, 0);
  return count === 0 ? '0' : `${count} ${suite.unit}`;
}

function section(suite: Suite, whys: readonly string[]): string[] {
  const different = differing(suite);
  return [
    '',
    `## ${suite.name}`,
    ...suite.note === undefined ? [] : ['', suite.note],
    ...different.length === 0 ? [] : [
      '',
      '| case | about | input | they | we | why |',
      '|---|---|---|---|---|---|',
      ...different.map((each) => `| ${each.id} | ${each.about} | ${code(JSON.stringify(each.input))} | ${they(each)} | ${we(each)} | ${numbers(each.differs!.why, whys)} |`),
    ],
    ...suite.notApplicable.length === 0 ? [] : ['', 'Not applicable:', '', ...suite.notApplicable.map(({ count, why, which }) => `- ${count} ${suite.unit}: ${why} (${which}).`)],
  ];
}

function numbers(why: readonly string[], whys: readonly string[]): string {
  return why.map((text) => whys.indexOf(text) + 1).sort((a, b) => a - b).join(', ');
}

function they({ expected }: ConformanceCase): string {
  return expected === 'error' ? 'an error' : recordsText(expected);
}

function we({ differs }: ConformanceCase): string {
  if (differs!.refused !== undefined) return `refused at synth: ${code(differs!.refused)}`;
  const rejects = (differs!.rejects ?? []).map(([rejectCode, record]) => `${code(JSON.stringify(record))} rejected: \`${rejectCode}\``);
  return [...differs!.records.length > 0 || rejects.length === 0 ? [recordsText(differs!.records)] : [], ...rejects].join('<br>');
}

function recordsText(records: readonly Values[]): string {
  return records.length === 0 ? 'no record' : code(records.map((record) => JSON.stringify(record)).join(' '));
}

/** As code in a cell of a table: a pipe would end it, a backtick too. */
function code(text: string): string {
  if (text.includes('`')) throw new Error(`not made for backticks: ${text}`);
  return `\`${text.replaceAll('|', '\\|')}\``;
}
