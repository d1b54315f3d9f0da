import type { Page } from 'playwright';

/**
 * Closes the ways out that the guard cannot see, web sockets and WebRTC, on every page of the STS: a content security policy of the probe's own, put into the
 * document before any script of the page runs. It holds for workers and frames the page makes, too. Policies only ever narrow; the page's own stays.
 */
export async function closeSideDoors(page: Page, stsOrigin: string): Promise<void> {
  await page.addInitScript(addPolicy, stsOrigin);
}

/** Runs inside each new document: must not refer to anything outside itself. */
function addPolicy(stsOrigin: string): void {
  if (self.origin !== stsOrigin) return;
  const policy = document.createElement('meta');
  policy.httpEquiv = 'Content-Security-Policy';
  policy.content = "connect-src http: https: data: blob:; webrtc 'block'";
  const put = (): boolean => {
    // A policy counts in the head only.
    if (!document.head) return false;
    document.head.prepend(policy);
    policy.remove(); // it stays in force, and the page looks as it did
    return true;
  };
  if (put()) return;
  // The parser lets observers run before it runs the next script.
  const observer = new MutationObserver(() => {
    if (put()) observer.disconnect();
  });
  observer.observe(document, { childList: true, subtree: true });
}
