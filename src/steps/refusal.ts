/** Nothing is done, and that is no failure: what whoever asked for it should know. */
export class Refusal {
  constructor(readonly message: string) {}
}
