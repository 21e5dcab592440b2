/** What an operator is told of a call to AWS that failed. */
import { TraceableClient } from './step-trace';

/** The failed action of each error, as IAM calls it. */
const ACTIONS = new WeakMap<object, string>();

/**
 * Has the client note which action failed, so that `failureSentence` can name it.
 *
 * @param service its prefix in IAM
 */
export function notingFailures<Client extends TraceableClient>(client: Client, service: string): Client {
  client.middlewareStack.add((next, { commandName = '' }) => async (args) => {
    try {
      return await next(args);
    } catch (error) {
      if (error instanceof Error) ACTIONS.set(error, `${service}:${commandName.replace(/Command$/, '')}`);
      throw error;
    }
  }, { step: 'initialize', name: 'noteFailedAction' });
  return client;
}

/** One sentence: what was expected, and what came. */
export function failureSentence(error: unknown): string {
  const { name, message, code } = error as Error & { readonly code?: string };
  const got = [name, message || code].filter((word) => word).join(': ');
  if (/^CredentialsProviderError$|^TokenProviderError$/.test(name)) {
    return `expected AWS credentials in the environment, a profile or a role, got none that can be used (${message})`;
  }
  if (message === 'Region is missing') return 'expected an AWS region in AWS_REGION or in the profile, got none';
  const action = ACTIONS.get(error as object);
  if (action === undefined) return message || got;
  if (/AccessDenied|NotAuthorized|AuthorizationError/.test(name)) return `expected these credentials to allow ${action}, got ${got}`;
  if (/Expired|InvalidClientTokenId|UnrecognizedClient|InvalidAccessKeyId|Signature/.test(name)) {
    return `expected AWS credentials that are valid for ${action}, got ${got}`;
  }
  return `expected ${action} to succeed, got ${got}`;
}
