/**
 * Replaces the SDK's default credential chain in the bundles. It has two of the SDK's sources: the environment, where
 * Lambda puts a function's credentials, and the container endpoint, which functions with SnapStart use and which is
 * small. Profiles, SSO, processes, web identity and EC2 would add clients of 100 KB. The SDK also loads its sources by
 * `import()`: esbuild then wraps every module that they share with the rest of the SDK in a function of its own, and
 * the whole bundle loads more slowly. See .projenrc.ts.
 */
import { fromEnv } from '@aws-sdk/credential-provider-env';
import { fromHttp } from '@aws-sdk/credential-provider-http';
import { chain } from '@smithy/core/config';
import { lambdaEnv } from './read-env';

type Credentials = Awaited<ReturnType<ReturnType<typeof fromEnv>>>;

const REFRESH_BEFORE_MS = 300_000;

/**
 * Has the name that the SDK's clients import. Like the SDK's own provider it refreshes credentials some minutes before
 * they expire, and returns the old ones meanwhile: a request waits for new credentials, or fails without them, only
 * when there are no valid ones.
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
  // An empty variable counts as not set, as in the SDK.
  if (!relative && !full) {
    throw new Error('expected credentials in the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) or from a container, got none');
  }
  return fromHttp()();
}

function msLeft({ expiration }: Credentials): number {
  return expiration === undefined ? Infinity : expiration.getTime() - Date.now();
}
