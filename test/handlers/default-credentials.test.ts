import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { defaultProvider } from '../../src/handlers/default-credentials';

const before = process.env;

beforeEach(() => {
  const others = Object.entries(before).filter(([name]) => !name.startsWith('AWS_'));
  process.env = Object.fromEntries(others);
});

afterEach(() => { process.env = before; });

test('from the environment, where Lambda puts them', async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token' });
  expect(await defaultProvider()()).toMatchObject({ accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: 'token' });
});

test('from a container, anew once they are about to expire', async () => {
  let asked = 0;
  const lives = [299_000, 3_600_000];
  const server = createServer((request, response) => {
    const expiration = new Date(Date.now() + lives[asked++]).toISOString();
    response.end(JSON.stringify({ AccessKeyId: `id ${asked} for ${request.headers.authorization}`, SecretAccessKey: 'secret', Token: 'token', Expiration: expiration }));
  });
  await new Promise<void>((done) => { server.listen(0, '127.0.0.1', done); });
  try {
    const { port } = server.address() as AddressInfo;
    Object.assign(process.env, { AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/`, AWS_CONTAINER_AUTHORIZATION_TOKEN: 'me' });
    const provide = defaultProvider();
    const ids = [(await provide()).accessKeyId, (await provide()).accessKeyId];
    expect(ids).toEqual(['id 2 for me', 'id 2 for me']);
  } finally {
    server.close();
  }
});

test('fails where there are none', async () => {
  await expect(defaultProvider()()).rejects.toThrow(
    'expected credentials in the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) or from a container, got none');
});
