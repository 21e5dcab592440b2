import { ChunkTask } from '../../src/contract/payloads';
import { handler } from '../../src/handlers/process-chunk.handler';
import { processChunk } from '../../src/steps/process-chunk';

jest.mock('../../src/aws/runtime', () => ({
  awsDeps: () => ({}),
  observed: async (_step: string, _input: object, run: () => Promise<unknown>) => run(),
}));
jest.mock('../../src/steps/process-chunk', () => ({ processChunk: jest.fn(async () => ({})) }));

const TASK: ChunkTask = { fileId: 'f', chunkId: 'chunk-0000000', planKey: 'work/f/plan-1.json', task: 'PROCESS', run: 1, round: 0, start: 0, end: 9 };

const INVOCATION = { getRemainingTimeInMillis: () => 900_000 };

afterEach(() => {
  delete process.env.CSV_FAST_PATH;
  jest.clearAllMocks();
});

test.each([[undefined, true], ['on', true], ['off', false]])('with CSV_FAST_PATH=%s the step is told that the fast path is on: %s', async (word, fastPath) => {
  if (word !== undefined) process.env.CSV_FAST_PATH = word;
  await handler(TASK, INVOCATION);
  expect(processChunk).toHaveBeenCalledWith(TASK, expect.objectContaining({ fastPath }));
});

test('fails when CSV_FAST_PATH says something else', async () => {
  process.env.CSV_FAST_PATH = 'no';
  await expect(handler(TASK, INVOCATION)).rejects.toThrow('expected the environment variable CSV_FAST_PATH to be on or off, got "no"');
  expect(processChunk).not.toHaveBeenCalled();
});
