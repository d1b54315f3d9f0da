import { locateBrowser } from '../../../probes/browser/browser-candidates';

/** Where the full Chromium of this machine is; undefined without one. */
export function chromiumPath(): string | undefined {
  const located = locateBrowser('chromium');
  return 'path' in located ? (located.path ?? undefined) : undefined;
}
