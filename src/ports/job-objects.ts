/** What jobs have left in the output bucket, for readers. */
export interface JobObjects {
  /** The object's text. Undefined when there is no such object. */
  text(key: string): Promise<string | undefined>;
  has(key: string): Promise<boolean>;
  /** An address by which whoever has it can read the object for so long, with no right of their own. */
  link(key: string, seconds: number): Promise<string>;
}
