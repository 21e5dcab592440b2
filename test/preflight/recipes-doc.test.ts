/** Each recipe of `docs/recipes.md` is tried on its own file: as it stands there, and without each of its words. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { App, Stack } from 'aws-cdk-lib';
import { commandInWorkspace } from './workspace';
import * as library from '../../src';
import { FILE_ERROR_CODES, VERDICT_CODES } from '../../src/spec/error-codes';
import { zipOf } from '../engine/staging/zip-file';

type Properties = Readonly<Record<string, unknown>>;

/** What is declared. */
interface Settings {
  readonly schema: Properties & { readonly fields: readonly Properties[] };
  readonly dialect: Properties;
  /** Each with its value. */
  readonly flags: readonly string[];
}

interface Recipe {
  readonly title: string;
  /** What stands above the file. */
  readonly introduction: string;
  readonly file: string;
  readonly content: Buffer;
  readonly settings: Settings;
  readonly published: string;
  /** Pieces of what the command prints on standard error. */
  readonly told: readonly string[];
  readonly without: ReadonlyArray<{ readonly names: readonly string[]; readonly ends: readonly string[] }>;
}

const PAGE = readFileSync(join(__dirname, '../../docs/recipes.md'), 'utf8');
const JOB_CODES: readonly string[] = [...FILE_ERROR_CODES, ...VERDICT_CODES];

const codesIn = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code);

/** By the line above it: `name`, in an encoding or compression, with escapes. */
function bytesOf(text: string, label: string): Buffer {
  const written = label.includes('with escapes') ? resolveEscapes(text) : text;
  const form = / in ([\w-]+)/.exec(label)?.[1].toLowerCase() ?? 'utf-8';
  if (form === 'gzip') return gzipSync(written);
  if (form === 'zip') return zipOf({ name: 'export', text: written });
  return form === 'utf-16le' ? Buffer.from(written, 'utf16le') : encode(written, form);
}

/** The line ends of the page are none of the file's. */
function resolveEscapes(text: string): string {
  return text.replace(/\n/g, '').replace(/\\(?:r|n|x[0-9a-f]{2}|u[0-9a-f]{4})/g, (escape) => JSON.parse(`"${escape.replace('x', 'u00')}"`) as string);
}

/** In an encoding of one or two bytes a character, of which Node.js has only the other direction. */
function encode(text: string, encoding: string): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text);
  const decoder = new TextDecoder(encoding, { fatal: true });
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  const known = new Map<string, Buffer>();
  for (const sequence of [...bytes.map((byte) => [byte]), ...bytes.slice(128).flatMap((lead) => bytes.slice(64).map((trail) => [lead, trail]))]) {
    try {
      const character = decoder.decode(Uint8Array.from(sequence));
      if (!known.has(character)) known.set(character, Buffer.from(sequence));
    } catch {
      // These bytes are no character.
    }
  }
  return Buffer.concat([...text].map((character) => known.get(character)!));
}

/** Each file on the page, with what stands between it and the next one. */
function readRecipes(): Recipe[] {
  return PAGE.split(/^### /m).slice(1).flatMap((section) => {
    const [heading] = section.split('\n');
    const files = [...section.matchAll(/^(`.+:)\n\n```text\n([^]*?)^```$/gm)];
    return files.map((match, index) => {
      const [whole, label, text] = match;
      const introduction = section.slice(0, match.index);
      const rest = section.slice(match.index + whole.length, files[index + 1]?.index);
      const [file] = codesIn(label);
      return { title: `${heading}: ${file}`, introduction, file, content: bytesOf(text, label), ...readRest(rest) };
    });
  });
}

function readRest(text: string): Omit<Recipe, 'title' | 'introduction' | 'file' | 'content'> {
  const blocks = [...text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(([, language, content]) => ({ language, content }));
  const contentsOf = (wanted: string) => blocks.filter(({ language }) => language === wanted).map(({ content }) => content);
  const paragraphs = text.replace(/^```[^]*?^```$/gm, '').split(/\n{2,}/).map((paragraph) => paragraph.trim().replace(/\n/g, ' '));
  const declared = contentsOf('json').map((json) => JSON.parse(json) as Properties);
  return {
    settings: {
      schema: declared.find((each) => 'fields' in each) as Settings['schema'],
      dialect: declared.find((each) => !('fields' in each)) ?? {},
      flags: contentsOf('sh').flatMap((line) => line.trim().split(/ (?=--)/)),
    },
    published: contentsOf('jsonl').join(''),
    told: paragraphs.filter((each) => each.startsWith('It is told: ')).flatMap(codesIn),
    without: paragraphs.filter((each) => each.startsWith('Without ')).map((each) => {
      const [, names, ends] = /^Without ([^:]*): (.*)$/.exec(each)!;
      return { names: codesIn(names), ends: codesIn(ends) };
    }),
  };
}

const except = <Value extends Properties>(from: Value, ...names: readonly string[]) =>
  Object.fromEntries(Object.entries(from).filter(([name]) => !names.includes(name))) as Value;

/** Without the properties and flags of these names; of none: without all but the names and types of the fields. */
function without(names: readonly string[], { schema, dialect, flags }: Settings): Settings {
  if (names.length === 0) return { schema: { fields: schema.fields.map(({ name, type }) => ({ name, type })) }, dialect: {}, flags: [] };
  return {
    schema: { ...except(schema, ...names), fields: schema.fields.map((field) => except(field, ...names)) },
    dialect: except(dialect, ...names),
    flags: flags.filter((flag) => !names.includes(flag.split(' ')[0])),
  };
}

/** Without one property, or without one of its values, each time. */
function lessOf<Value extends Properties>(from: Value, ...kept: readonly string[]): Array<[string, Value]> {
  return Object.entries(from).filter(([name]) => !kept.includes(name)).flatMap(([name, value]) => {
    const shorter = Array.isArray(value) && value.length > 1
      ? value.map((one, index): [string, Value] => [`${name}: ${String(one)}`, { ...from, [name]: value.toSpliced(index, 1) }])
      : [];
    return [[name, except(from, name)], ...shorter];
  });
}

/** Without one word of what is declared, each time. */
function oneLess({ schema, dialect, flags }: Settings): Array<[string, Settings]> {
  return [
    ...flags.map((flag, index): [string, Settings] => [flag, { schema, dialect, flags: flags.toSpliced(index, 1) }]),
    ...lessOf(dialect).map(([what, less]): [string, Settings] => [what, { schema, dialect: less, flags }]),
    ...lessOf(schema, 'fields').map(([what, less]): [string, Settings] => [what, { schema: less, dialect, flags }]),
    ...schema.fields.flatMap((field, index) => lessOf(field, 'name', 'type').map(([what, less]): [string, Settings] => {
      return [`${String(field.name)}: ${what}`, { schema: { ...schema, fields: schema.fields.with(index, less) }, dialect, flags }];
    })),
  ];
}

const { path, published, said, run } = commandInWorkspace();
const RECIPES = readRecipes();

interface Outcome {
  readonly status: number;
  readonly published: string;
  readonly stderr: string;
}

async function outcomeOf({ file, content }: Recipe, { schema, dialect, flags }: Settings): Promise<Outcome> {
  writeFileSync(path('schema.json'), JSON.stringify(schema));
  writeFileSync(path('dialect.json'), JSON.stringify(dialect));
  said.stderr = '';
  const status = await run(file, content, '--dialect', path('dialect.json'), '--concurrency', '1', ...flags.flatMap((flag) => flag.split(' ')));
  return { status, published: published().toString(), stderr: said.stderr };
}

describe.each(RECIPES.map((recipe) => [recipe.title, recipe] as const))('%s', (_, recipe) => {
  const { settings, told } = recipe;

  test.each(['on', 'off'])('publishes what the page says, the fast path %s', async (fastPath) => {
    process.env.CSV_FAST_PATH = fastPath;
    try {
      const outcome = await outcomeOf(recipe, settings);
      expect(outcome).toMatchObject({ status: 0, published: recipe.published });
      for (const piece of told) expect(outcome.stderr).toContain(piece);
    } finally {
      delete process.env.CSV_FAST_PATH;
    }
  });

  if (oneLess(settings).length > 0) {
    test('needs each word that is declared', async () => {
      const whole = await outcomeOf(recipe, settings);
      for (const [what, less] of oneLess(settings)) {
        expect([what, await outcomeOf(recipe, less)]).not.toEqual([what, whole]);
      }
    });

    test('without it, ends as the page says', async () => {
      expect(recipe.without).not.toEqual([]);
      for (const { names, ends: [end, ...pieces] } of recipe.without) {
        const outcome = await outcomeOf(recipe, without(names, settings));
        const isFailure = JOB_CODES.includes(end);
        expect(outcome).toMatchObject(isFailure ? { status: 1, stderr: expect.stringContaining(`(${end})`) } : { status: 0, published: expect.stringContaining(end) });
        for (const piece of pieces) expect(isFailure ? outcome.stderr : outcome.published).toContain(piece);
      }
    });
  } else {
    test('says that nothing has to be declared', () => expect(recipe.introduction).toContain('Nothing has to be declared'));
  }
});

test('each recipe has its row in the table at the top, and a file', () => {
  const titles = [...PAGE.matchAll(/^### (.*)$/gm)].map(([, title]) => title);
  const rows = [...PAGE.matchAll(/^\| .* \| (.*) \|$/gm)].flatMap(([, links]) => [...links.matchAll(/\[([^\]]+)\]/g)].map(([, title]) => title));
  expect([...new Set(rows)]).toEqual(titles);
  expect([...new Set(RECIPES.map(({ title }) => title.split(': ')[0]))]).toEqual(titles);
});

test('the same settings are the props of a stack', () => {
  const [, code] = /^```ts\n([^]*?)^```$/m.exec(PAGE)!;
  const directory = process.cwd();
  const stack = new Stack(new App(), 'Stack');
  writeFileSync(path('dialect.json'), '{ "delimiter": ";" }');
  process.chdir(path());
  try {
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    new Function('stack', ...Object.keys(library), code)(stack, ...Object.values(library));
  } finally {
    process.chdir(directory);
  }
  expect(stack.node.children.filter((child) => child instanceof library.CsvChunkPipeline).map(({ node }) => node.id)).toEqual(['Payments', 'Statements']);
});
