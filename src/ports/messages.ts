/** Where people are told. */
export interface Messages {
  /** @param subject at most 100 characters of ASCII */
  send(subject: string, text: string): Promise<void>;
}
