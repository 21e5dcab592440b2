/** The command was called with wrong arguments. */
export class WrongArguments extends Error {}

/** What was asked for is not there, or must not be done; the message says what to do instead. */
export class Refusal extends Error {}
