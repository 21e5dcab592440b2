/** What the fast path needs of WebAssembly, which the type declarations of Node.js leave to the browser's. */
declare namespace WebAssembly {
  class Memory {
    readonly buffer: ArrayBuffer;
    constructor(limits: { initial: number });
    /** By pages of 64 KiB. The buffer from before is detached. */
    grow(pages: number): number;
  }
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    readonly exports: object;
    constructor(module: Module, imports: object);
  }
  function validate(bytes: Uint8Array): boolean;
}
