/**
 * In the bundles this is the SDK's default chain of credentials. Of its links it has two: the environment, where Lambda puts a function's
 * credentials, and a container's address, by which Lambda passes them to a function with SnapStart, and which is small. Profiles, SSO,
 * processes, web identity and EC2 would bring clients of 100 KB; and the SDK loads its links by `import()`, for which esbuild puts every
 * module that they share with the rest of the SDK into a function of its own, which makes all of it slower to load. See .projenrc.ts.
 */
import { fromEnv } from '@aws-sdk/credential-provider-env';
import { fromHttp } from '@aws-sdk/credential-provider-http';
import { chain } from '@smithy/core/config';
import { lambdaEnv } from './read-env';

type Credentials = Awaited<ReturnType<ReturnType<typeof fromEnv>>>;

const REFRESH_BEFORE_MS = 300_000;

/**
 * By the name that the SDK's clients import. As theirs, it asks for new credentials some minutes before those that it holds expire, and hands out
 * these meanwhile: a request waits for new ones, or fails for want of them, only where there are none that hold.
 */
export function defaultProvider(): () => Promise<Credentials> {
  const load = chain(fromEnv(), fromContainer);
  let held: Credentials | undefined;
  let refreshing: Promise<Credentials> | undefined;
  const refresh = () => refreshing ??= load().then((credentials) => held = credentials).finally(() => { refreshing = undefined; });
  return async () => {
    if (held === undefined || msLeft(held) <= 0) return refresh();
    if (msLeft(held) < REFRESH_BEFORE_MS) refresh().catch(() => undefined);
    return held;
  };
}

async function fromContainer(): Promise<Credentials> {
  const { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: relative, AWS_CONTAINER_CREDENTIALS_FULL_URI: full } = lambdaEnv();
  // An empty one counts as none, as in the SDK.
  if (!relative && !full) {
    throw new Error('expected credentials in the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) or from a container, got none');
  }
  return fromHttp()();
}

function msLeft({ expiration }: Credentials): number {
  return expiration === undefined ? Infinity : expiration.getTime() - Date.now();
}
