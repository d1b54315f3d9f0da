/** Why a document was not opened. */
export type GateRefusal = 'doctype' | 'too-large' | 'too-deep' | 'not-well-formed' | 'invalid-structure';

export interface GateLimits {
  /** Largest document: bytes of a Buffer, characters of a string. */
  readonly size: number;
  /** Deepest nesting; federation messages stay below 20. */
  readonly depth: number;
  /** Elements, comments, processing instructions and CDATA sections together. */
  readonly nodes: number;
  readonly attributesPerElement: number;
  /** Namespace declarations on an element and all around it. */
  readonly namespaces: number;
}

/** The largest real document seen (AD FS 2016 metadata) has 70 kB, about 1,000 elements, and 12 levels. */
export const defaultGateLimits: GateLimits = { size: 1024 * 1024, depth: 64, nodes: 20_000, attributesPerElement: 128, namespaces: 256 };
