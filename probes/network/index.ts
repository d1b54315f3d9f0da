/** The door of this folder: what other rooms may use of it. */
export { type GetResult, httpsGet } from './https-get';
export { type Answer, httpsRequest, mayBeAsked } from './https-request';
export { createLookup, type Lookup } from './lookup';
export { isLoopbackHost, withoutBrackets } from './loopback';
export { trustedRoots, trustingContext } from './trust';
