/** What the fast path uses of WebAssembly, which the type declarations of Node.js leave to those of the browser. */
declare namespace WebAssembly {
  class Memory {
    readonly buffer: ArrayBuffer;
    constructor(limits: { initial: number });
    /** Grows by pages of 64 KiB. The earlier buffer is detached. */
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
