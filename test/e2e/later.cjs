// The clock of a function that runs 20 minutes from now.
const AHEAD_MS = 20 * 60_000;

globalThis.Date = class extends Date {
  constructor(...time) {
    super(...time.length === 0 ? [new.target.now()] : time);
  }

  static now() {
    return super.now() + AHEAD_MS;
  }
};
