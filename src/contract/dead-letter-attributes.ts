/** Why a message lies in the dead-letter queue, as attributes of it; EventBridge has them on what it could not deliver. */
export const ERROR_CODE_ATTRIBUTE = 'ERROR_CODE';
export const ERROR_MESSAGE_ATTRIBUTE = 'ERROR_MESSAGE';

/** The code of what StartJobs did not take: to try it again would change nothing. */
export const REFUSED_MESSAGE = 'REFUSED';
