/** The door of this folder: what other rooms may use of it. */
export { type BrowserChoice, type BrowserSearch, findBrowser } from './browser';
export { type BrowserLender, BrowserPool } from './browser-pool';
export { type FoundBrowser, startAsFound } from './start-as-found';
