/** SNS takes less than 100 characters. */
export const MAX_SUBJECT_LENGTH = 99;
/** What SNS takes in all. */
export const MAX_MESSAGE_BYTES = 262_144;

/** Where people are told. */
export interface Messages {
  /**
   * @param subject at most `MAX_SUBJECT_LENGTH` characters of printable ASCII
   * @param text at most `MAX_MESSAGE_BYTES` as UTF-8
   */
  send(subject: string, text: string): Promise<void>;
}
