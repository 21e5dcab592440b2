import { Agent, createServer, RequestListener } from 'node:http';
import { AddressInfo, createConnection } from 'node:net';
import * as http from '@aws-sdk/credential-provider-http';
import { defaultProvider } from '../../src/aws/default-credentials';

// The real module, in a form that lets a test replace its functions.
jest.mock('@aws-sdk/credential-provider-http', () => ({ __esModule: true, ...jest.requireActual<object>('@aws-sdk/credential-provider-http') }));

const MINUTE_MS = 60_000;
const before = process.env;

beforeEach(() => {
  const others = Object.entries(before).filter(([name]) => !name.startsWith('AWS_'));
  process.env = Object.fromEntries(others);
});

afterEach(() => {
  process.env = before;
  jest.restoreAllMocks();
  jest.useRealTimers();
});

test('from the environment, where Lambda puts them', async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token' });
  expect(await defaultProvider()()).toMatchObject({ accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: 'token' });
});

describe('from a container', () => {
  const answer: RequestListener = ({ url, headers }, response) => {
    const Expiration = new Date(Date.now() + 60 * MINUTE_MS).toISOString();
    response.end(JSON.stringify({ AccessKeyId: `${url} for ${headers.authorization}`, SecretAccessKey: 'secret', Token: 'token', Expiration }));
  };

  async function withServer(use: (port: number) => Promise<void>): Promise<void> {
    const server = createServer(answer);
    await new Promise<void>((done) => { server.listen(0, '127.0.0.1', done); });
    try {
      await use((server.address() as AddressInfo).port);
    } finally {
      server.close();
    }
  }

  test('by a full address, with the token', () => withServer(async (port) => {
    Object.assign(process.env, { AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/full`, AWS_CONTAINER_AUTHORIZATION_TOKEN: 'me' });
    expect(await defaultProvider()()).toMatchObject({ accessKeyId: '/full for me', secretAccessKey: 'secret', sessionToken: 'token' });
  }));

  test('by a path on the address that every container has', () => withServer(async (port) => {
    const hosts: unknown[] = [];
    jest.spyOn(Agent.prototype, 'createConnection').mockImplementation(({ host }) => {
      hosts.push(host);
      return createConnection({ host: '127.0.0.1', port });
    });
    Object.assign(process.env, { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/relative' });
    expect((await defaultProvider()()).accessKeyId).toBe('/relative for undefined');
    expect(hosts).toEqual(['169.254.170.2']);
  }));
});

describe('credentials that expire', () => {
  const container = jest.fn<Promise<{ accessKeyId: string; secretAccessKey: string; expiration: Date }>, []>();
  const unhandled = jest.fn();
  const idOf = ({ accessKeyId }: { accessKeyId: string }) => accessKeyId;
  const credentials = (accessKeyId: string, minutes: number) => ({
    accessKeyId, secretAccessKey: 'secret', expiration: new Date(Date.now() + minutes * MINUTE_MS),
  });
  const settled = () => new Promise((done) => { setImmediate(done); });

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
    process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI = 'http://127.0.0.1/';
    container.mockReset();
    jest.spyOn(http, 'fromHttp').mockReturnValue(container);
    process.on('unhandledRejection', unhandled.mockReset());
  });

  afterEach(() => { process.off('unhandledRejection', unhandled); });

  test('are held while they have more than five minutes', async () => {
    container.mockResolvedValueOnce(credentials('first', 60));
    const provide = defaultProvider();
    await provide();
    jest.advanceTimersByTime(54 * MINUTE_MS);
    expect(idOf(await provide())).toBe('first');
    expect(container).toHaveBeenCalledTimes(1);
  });

  test('are replaced once in their last five minutes, and no request waits for that', async () => {
    let arrive: () => void = () => undefined;
    container.mockResolvedValueOnce(credentials('first', 4));
    container.mockImplementationOnce(() => new Promise((done) => { arrive = () => done(credentials('second', 60)); }));
    const provide = defaultProvider();
    await provide();
    expect((await Promise.all([provide(), provide(), provide()])).map(idOf)).toEqual(['first', 'first', 'first']);
    await settled();
    expect(container).toHaveBeenCalledTimes(2);
    arrive();
    await settled();
    expect(idOf(await provide())).toBe('second');
    expect(container).toHaveBeenCalledTimes(2);
  });

  test('stay in use where no new ones are to be had, until the next request asks again', async () => {
    container.mockResolvedValueOnce(credentials('first', 4)).mockRejectedValueOnce(new Error('busy')).mockResolvedValueOnce(credentials('third', 60));
    const provide = defaultProvider();
    await provide();
    expect(idOf(await provide())).toBe('first');
    await settled();
    expect(idOf(await provide())).toBe('first');
    await settled();
    expect(idOf(await provide())).toBe('third');
    expect(unhandled).not.toHaveBeenCalled();
  });

  test('are waited for, by one request, where there are none yet or those held have expired', async () => {
    container.mockResolvedValueOnce(credentials('first', 4)).mockResolvedValueOnce(credentials('second', 64));
    const provide = defaultProvider();
    expect((await Promise.all([provide(), provide()])).map(idOf)).toEqual(['first', 'first']);
    jest.advanceTimersByTime(4 * MINUTE_MS);
    expect((await Promise.all([provide(), provide()])).map(idOf)).toEqual(['second', 'second']);
    expect(container).toHaveBeenCalledTimes(2);
  });

  test('are not handed out once expired: the request fails as theirs did', async () => {
    container.mockResolvedValueOnce(credentials('first', 4)).mockRejectedValueOnce(new Error('busy'));
    const provide = defaultProvider();
    await provide();
    jest.advanceTimersByTime(4 * MINUTE_MS);
    await expect(provide()).rejects.toThrow('busy');
  });
});

test.each([{}, { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '', AWS_CONTAINER_CREDENTIALS_FULL_URI: '' }])('fails where there are none: %j', async (environment) => {
  Object.assign(process.env, environment);
  await expect(defaultProvider()()).rejects.toThrow(
    'expected credentials in the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) or from a container, got none');
});
