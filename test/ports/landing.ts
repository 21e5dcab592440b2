import { PinnedObject, SourceMover, SweptSource } from '../../src/ports/source';

/** A bucket that files come into, and what the suites of its two ports need to do and see there themselves. */
export interface Landing {
  readonly bucket: string;
  readonly isVersioned: boolean;
  readonly source: SweptSource;
  readonly mover: SourceMover;
  /** @returns the object as a job pins it: with its version id in a versioned bucket */
  readonly put: (key: string, body: string | Uint8Array, attributes?: LandingAttributes) => Promise<PinnedObject>;
  /** As users delete: in a versioned bucket a delete marker hides the object. */
  readonly remove: (key: string) => Promise<void>;
  /** The newest version. Undefined when there is none. */
  readonly read: (key: string) => Promise<{ readonly body: Buffer; readonly attributes: LandingAttributes } | undefined>;
  /** Keeps this version from being deleted. Undefined where the store cannot do so. */
  readonly lock?: (object: PinnedObject) => void;
}

export interface LandingAttributes {
  readonly contentType?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}
