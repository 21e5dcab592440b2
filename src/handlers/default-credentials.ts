/**
 * In the bundles this is the SDK's default chain of credentials: of its links those that a Lambda function can meet, the environment,
 * which Lambda sets, then a container's address, which SnapStart sets. Profiles, SSO, processes, web identity and EC2 would bring
 * clients of 100 KB; and the SDK loads its links by `import()`, for which esbuild puts every module that they share with the rest
 * of the SDK into a function of its own: that is a fifth of the time that the SDK takes to load. See .projenrc.ts.
 */
import { fromEnv } from '@aws-sdk/credential-provider-env';
import { fromHttp } from '@aws-sdk/credential-provider-http';
import { chain, memoize } from '@smithy/core/config';

type Credentials = Awaited<ReturnType<ReturnType<typeof fromEnv>>>;

/** As the SDK's: new credentials are asked for while the old ones still hold. */
const REFRESH_BEFORE_MS = 300_000;

/** By the name that the SDK's clients import. */
export const defaultProvider = () => memoize(chain(fromEnv(), fromContainer), isToBeRefreshed, ({ expiration }) => expiration !== undefined);

async function fromContainer(): Promise<Credentials> {
  const { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: relative, AWS_CONTAINER_CREDENTIALS_FULL_URI: full } = process.env;
  if (relative === undefined && full === undefined) {
    throw new Error('expected credentials in the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) or from a container, got none');
  }
  return fromHttp()();
}

function isToBeRefreshed({ expiration }: Credentials): boolean {
  return expiration !== undefined && expiration.getTime() - Date.now() < REFRESH_BEFORE_MS;
}
