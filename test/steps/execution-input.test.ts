import { isFolder } from '../../src/contract/file-keys';
import { inputFault, isRerun, isResume } from '../../src/steps/execution-input';

const EXPECTED = 'expected the execution to be started with an "Object Created" event of S3 ({"detail": {"bucket": {"name": …}, "object": {"key": …}}}), '
  + '{"resume": true, "fileId": "…"} or {"rerun": true, "fileId": "…"}';
const event = (bucket: unknown, object: unknown) => ({ detail: { bucket, object } });

test.each<[string, unknown]>([
  ['an event as S3 sends it', { time: '2026-01-01T00:00:00Z', ...event({ name: 'b' }, { 'key': 'k', 'size': 1, 'etag': 'e', 'version-id': 'v' }) }],
  ['an event as JobApi sends it', event({ name: 'b' }, { 'key': 'k', 'etag': 'e', 'last-modified': '2026-01-01T00:00:00.000Z' })],
  ['an event with what is needed only', event({ name: 'b' }, { key: 'k' })],
  ['a resume', { resume: true, fileId: 'f' }],
  ['a resume of the pipeline', { resume: true, fileId: 'f', run: 3 }],
  ['a rerun', { rerun: true, fileId: 'f' }],
])('%s is what an execution is started with', (_, input) => {
  expect(inputFault(input)).toBeUndefined();
});

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'nothing'],
  ['null', null, 'null'],
  ['a text', 'file', '"file"'],
  ['a number', 5, '5'],
  ['an empty object', {}, '{}'],
  ['an array', [], '[]'],
  ['a resume that is none', { resume: false, fileId: 'f' }, '{"resume":false,"fileId":"f"}'],
  ['a resume in a text', { resume: 'true', fileId: 'f' }, '{"resume":"true","fileId":"f"}'],
  ['a resume of no job', { resume: true }, '{"resume":true}'],
  ['a resume of a job without a name', { resume: true, fileId: '' }, '{"resume":true,"fileId":""}'],
  ['a resume of a number', { resume: true, fileId: 7 }, '{"resume":true,"fileId":7}'],
  ['a resume of a run in a text', { resume: true, fileId: 'f', run: '1' }, '{"resume":true,"fileId":"f","run":"1"}'],
  ['a resume that is a rerun', { resume: true, rerun: true, fileId: 'f' }, '{"resume":true,"rerun":true,"fileId":"f"}'],
  ['a rerun that is none', { rerun: 1, fileId: 'f' }, '{"rerun":1,"fileId":"f"}'],
  ['an event without a bucket', event(undefined, { key: 'k' }), '{"detail":{"object":{"key":"k"}}}'],
  ['an event of a bucket without a name', event({ name: '' }, { key: 'k' }), '{"detail":{"bucket":{"name":""},"object":{"key":"k"}}}'],
  ['an event without an object', event({ name: 'b' }, null), '{"detail":{"bucket":{"name":"b"},"object":null}}'],
  ['an event of an object without a key', event({ name: 'b' }, { key: '' }), '{"detail":{"bucket":{"name":"b"},"object":{"key":""}}}'],
  ['a resume of a run that cannot be', { resume: true, fileId: 'f', run: 0 }, '{"resume":true,"fileId":"f","run":0}'],
  ['a rerun of a run', { rerun: true, fileId: 'f', run: 1 }, '{"rerun":true,"fileId":"f","run":1}'],
  ['a key with half a surrogate pair', event({ name: 'b' }, { key: 'k\ud800' }), '{"detail":{"bucket":{"name":"b"},"object":{"key":"k\\ud800"}}}'],
  ['a version that is none', event({ name: 'b' }, { 'key': 'k', 'version-id': null }), '{"detail":{"bucket":{"name":"b"},"object":{"key":"k","version-id":null}}}'],
  ['a time that is none', event({ name: 'b' }, { 'key': 'k', 'last-modified': 5 }), '{"detail":{"bucket":{"name":"b"},"object":{"key":"k","last-modified":5}}}'],
  ['a size in a text', event({ name: 'b' }, { key: 'k', size: '1' }), '{"detail":{"bucket":{"name":"b"},"object":{"key":"k","size":"1"}}}'],
  ['what cannot be seen', { key: 'a\u200bb' }, '{"key":"a\\u200bb"}'],
])('%s is told as what came', (_, input, shown) => {
  expect(inputFault(input)).toBe(`${EXPECTED}, got ${shown}`);
});

test('tells the beginning of what is long', () => {
  const fault = inputFault({ key: 'x'.repeat(1000) })!;
  expect(fault).toMatch(/, got {"key":"x+…$/);
  expect(fault.length).toBe(EXPECTED.length + ', got '.length + 301);
});

test.each(['', 'x'])('the beginning has no half character (%j before them)', (before) => {
  expect(inputFault({ key: before + '😀'.repeat(1000) })).toMatch(/, got \{"key":"x?(?:😀)+…$/u);
});

test('tells one input from the other', () => {
  const inputs = [{ resume: true, fileId: 'f' }, { rerun: true, fileId: 'f' }, event({ name: 'b' }, { key: 'folder/' }), event({ name: 'b' }, { key: 'a' })] as const;
  expect(inputs.map((input) => isResume(input as never))).toEqual([true, false, false, false]);
  expect(inputs.map((input) => isRerun(input as never))).toEqual([false, true, false, false]);
  expect(inputs.slice(2).map((input) => isFolder((input as ReturnType<typeof event> as any).detail.object))).toEqual([true, false]);
});
