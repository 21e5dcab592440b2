/**
 * In the bundles this stands for the SDK's ways to credentials that no Lambda function has (profiles, SSO, processes, web identity):
 * they bring clients of 100 KB. The rest of the SDK's default chain is as it was: the environment, which Lambda sets, then a
 * container's address, which SnapStart sets. See .projenrc.ts.
 */
const absent = () => async (): Promise<never> => {
  throw Object.assign(new Error('expected credentials in the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) or from a container, got none'),
    { tryNextLink: true });
};

export { absent as fromIni, absent as fromProcess, absent as fromSSO, absent as fromTokenFile };
