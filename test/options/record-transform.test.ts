import { createHash } from 'crypto';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { Alias, Code, Function, IFunction, Runtime, Version } from 'aws-cdk-lib/aws-lambda';
import { CsvChunkPipeline, RecordTransform } from '../../src';
import { asText, newApp, newStack, SCHEMA, Synthesized } from '../synthesize';

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'record-transform-'));
afterAll(() => fs.rmSync(directory, { recursive: true }));

function file(name: string, content: string): string {
  const target = path.join(directory, name);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, content);
  return target;
}

function synthesize(transform: (stack: Stack) => RecordTransform | undefined) {
  const stack = newStack();
  new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, transform: transform(stack) });
  const synthesized = new Synthesized(stack);
  const assembly = (stack.node.root as App).outdir;
  const codeOf = (step: string) => synthesized.one('AWS::Lambda::Function', `${step}Function`).Properties.Code.S3Key as string;
  const folderOf = (step: string) => path.join(assembly, `asset.${codeOf(step).replace(/\.zip$/, '')}`);
  return {
    synthesized,
    codeOf,
    files: (step: string) => fs.readdirSync(folderOf(step)).sort(),
    read: (step: string, name: string) => fs.readFileSync(path.join(folderOf(step), name), 'utf8'),
    environment: synthesized.one('AWS::Lambda::Function', 'ProcessChunkFunction').Properties.Environment.Variables as Record<string, unknown>,
  };
}

describe('fromModule', () => {
  const CONTENT = 'export default (record) => record;\n';

  test('the module lies beside the code of ProcessChunk, byte for byte, and of no other function', () => {
    const { files, read } = synthesize(() => RecordTransform.fromModule(file('mine.mjs', CONTENT)));
    expect(files('ProcessChunk')).toEqual(['contract.json', 'index.js', 'transform.mjs']);
    expect(read('ProcessChunk', 'transform.mjs')).toBe(CONTENT);
    for (const step of ['ValidateFile', 'PlanChunks', 'FinalizeJob', 'MoveSource', 'CloseJob', 'SweepJobs']) {
      expect(files(step)).toEqual(['contract.json', 'index.js']);
    }
  });

  test('the contract names it and its hash', () => {
    const { synthesized } = synthesize(() => RecordTransform.fromModule(file('mine.mjs', CONTENT)));
    expect(synthesized.contract().transform)
      .toEqual({ kind: 'module', name: 'mine.mjs', file: 'transform.mjs', sha256: createHash('sha256').update(CONTENT).digest('hex') });
  });

  test('another content makes another version of the code and another fingerprint', () => {
    const synthesized = [CONTENT, CONTENT, CONTENT + '\n'].map((content) => synthesize(() => RecordTransform.fromModule(file('mine.mjs', content))));
    const [code, same, other] = synthesized.map(({ codeOf }) => codeOf('ProcessChunk'));
    expect(same).toBe(code);
    expect(other).not.toBe(code);
    const [print, samePrint, otherPrint] = synthesized.map((made) => made.synthesized.contract().fingerprint);
    expect(samePrint).toBe(print);
    expect(otherPrint).not.toBe(print);
  });

  test.each<[string, string | undefined, string]>([
    ['a.cjs', undefined, 'transform.cjs'],
    ['module/b.js', '{"type":"module"}', 'transform.mjs'],
    ['commonjs/c.js', '{"type":"commonjs"}', 'transform.cjs'],
    ['untold/d.js', '{}', 'transform.js'],
  ])('%s beside the package.json %s keeps its kind', (name, packageJson, staged) => {
    if (packageJson !== undefined) file(path.join(path.dirname(name), 'package.json'), packageJson);
    expect(synthesize(() => RecordTransform.fromModule(file(name, CONTENT))).files('ProcessChunk')).toContain(staged);
  });

  test('the module is not run at synth', () => {
    expect(() => RecordTransform.fromModule(file('throws.cjs', 'throw new Error("run");'))).not.toThrow();
  });

  test.each([
    ['missing.mjs', /^expected the transform module at .*missing\.mjs, found no file$/],
    ['folder.mjs', /^expected the transform module to be a file, .*folder\.mjs is a directory$/],
    ['mine.ts', /^expected the transform module to be a \.mjs, \.cjs, \.js file \(compile TypeScript before\), got .*mine\.ts$/],
  ])('refuses %s', (name, message) => {
    fs.mkdirSync(path.join(directory, 'folder.mjs'), { recursive: true });
    expect(() => RecordTransform.fromModule(path.join(directory, name))).toThrow(message);
  });
});

describe('fromFunction', () => {
  test.each<[unknown, string]>([[undefined, 'nothing'], ['arn:aws:lambda:…', 'a value of type string']])('refuses %j from untyped code', (fn, got) => {
    expect(() => RecordTransform.fromFunction(fn as IFunction))
      .toThrow(`expected the transform function to be a Lambda function (lambda.IFunction), got ${got}`);
  });

  test('is not left out: a path alone is no transform', () => {
    expect(() => synthesize(() => 'x.mjs' as unknown as RecordTransform))
      .toThrow('transform must be a RecordTransform (made by a static method of it), got "x.mjs"');
  });

  const THEIRS = 'arn:aws:lambda:us-east-1:111111111111:function:theirs';
  const newFunction = (stack: Stack) => new Function(stack, 'Mine', { runtime: Runtime.PYTHON_3_13, handler: 'a.b', code: Code.fromInline('pass') });
  const invokable = (synthesized: Synthesized) => synthesized.entries('AWS::IAM::Policy')
    .filter(([id]) => id.includes('ProcessChunkRole'))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
    .filter(({ Action }) => Action === 'lambda:InvokeFunction')
    .flatMap(({ Resource }) => [Resource].flat().map(asText));

  test.each<[string, (fn: Function, stack: Stack) => IFunction, RegExp]>([
    ['the function', (fn) => fn, /^\${Mine\w+\.Arn}$/],
    ['an alias', (fn, stack) => new Alias(stack, 'Live', { aliasName: 'live', version: fn.currentVersion }), /^\${Live\w+}$/],
    ['an imported one', (_, stack) => Function.fromFunctionArn(stack, 'Theirs', `${THEIRS}:live`), new RegExp(`^${THEIRS}:live$`)],
  ])('ProcessChunk knows %s, and may invoke it alone', (_, choose, arn) => {
    const { synthesized, environment } = synthesize((stack) => RecordTransform.fromFunction(choose(newFunction(stack), stack)));
    expect(asText(environment.TRANSFORM_FUNCTION_ARN)).toMatch(arn);
    expect(invokable(synthesized)).toEqual([expect.stringMatching(arn)]);
    expect(synthesized.contract().transform).toEqual({ kind: 'function', batchSize: 5000 });
  });

  // A running job calls the version that it began with; CDK would allow the one of this deployment alone.
  test.each<[string, (fn: Function, stack: Stack) => IFunction, RegExp, string]>([
    ['a version', (fn) => fn.currentVersion, /^\${MineCurrentVersion\w+}$/, '\\${Mine\\w+\\.Arn}'],
    ['an imported version', (_, stack) => Version.fromVersionArn(stack, 'Theirs', `${THEIRS}:7`), new RegExp(`^${THEIRS}:7$`), THEIRS],
  ])('with %s, the version before may still be called after a deployment', (_, choose, arn, functionArn) => {
    const { synthesized, environment } = synthesize((stack) => RecordTransform.fromFunction(choose(newFunction(stack), stack)));
    expect(asText(environment.TRANSFORM_FUNCTION_ARN)).toMatch(arn);
    expect(invokable(synthesized)).toEqual([functionArn, `${functionArn}:\\*`].map((allowed) => expect.stringMatching(new RegExp(`^${allowed}$`))));
  });

  test.each<[string, (stack: Stack) => IFunction]>([
    ['function', (stack) => Function.fromFunctionArn(stack, 'Theirs', THEIRS)],
    ['version', (stack) => Version.fromVersionArn(stack, 'Theirs', `${THEIRS}:7`)],
  ])('refuses a %s of another region', (_, theirs) => {
    const stack = new Stack(newApp(), 'Stack', { env: { region: 'eu-central-1', account: '222222222222' } });
    const transform = RecordTransform.fromFunction(theirs(stack));
    expect(() => new CsvChunkPipeline(stack, 'Pipeline', { schema: SCHEMA, transform }))
      .toThrow(new Error('transform must be a function of the pipeline\'s region (eu-central-1), got one of us-east-1'));
  });

  test('the Lambda client lies beside the code of ProcessChunk only', () => {
    const { files } = synthesize((stack) => RecordTransform.fromFunction(newFunction(stack)));
    expect(files('ProcessChunk')).toEqual(['contract.json', 'index.js', 'invoke-function.js']);
    expect(files('FinalizeJob')).toEqual(['contract.json', 'index.js']);
  });

  test.each([
    [0, 'at least 1, got 0'], [100_001, 'at most 100000, got 100001'], [1.5, 'a whole number, got 1.5'],
  ])('refuses a batchSize of %p', (batchSize, limit) => {
    expect(() => RecordTransform.fromFunction(newFunction(newStack()), { batchSize })).toThrow(`batchSize must be ${limit}`);
  });
});

test('without a transform nothing of it is there', () => {
  const { synthesized, environment, files } = synthesize(() => undefined);
  expect(environment).not.toHaveProperty('TRANSFORM_FUNCTION_ARN');
  expect(files('ProcessChunk')).toEqual(['contract.json', 'index.js']);
  expect(synthesized.contract()).not.toHaveProperty('transform');
});
