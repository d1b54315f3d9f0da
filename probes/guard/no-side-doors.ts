import type { Page } from 'playwright';

/**
 * Closes the ways out that the guard cannot see, before any script of a page runs. On every page WebRTC, WebTransport and payment requests are taken away, and
 * a content security policy of the probe's own allows plain web sockets to the page's own server only (policies only ever narrow; the page's own stays). On
 * pages of the STS, in the frames such a page holds and in the windows it opens there are no sockets, workers and worklets at all: their constructors are taken
 * from every realm, since a document without a head (XML, SVG) takes no policy. The name of the window, which outlives a page, does not leave the STS.
 */
export async function closeSideDoors(page: Page, stsOrigin: string): Promise<void> {
  await page.context().addInitScript(shutDoors, stsOrigin);
}

/** Closes each window that a page opens, with or without opener. Returns how to stop. */
export function closeWindows(page: Page): () => void {
  const close = (opened: Page): void => void (opened === page || opened.close().catch(() => undefined));
  page.context().on('page', close);
  return () => void page.context().off('page', close);
}

/**
 * Launch flags for what the browser asks for by itself, without any script's request and unseen by the guard (measured with Chromium 156): prefetches of
 * speculation rules and those ahead of a prerender wait in a queue that lets none go, `link rel=prerender` does nothing, and the accounts of other sites
 * (FedCM) are not asked for.
 * Reports (Reporting-Endpoints, report-to, NEL) are not sent: full Chromium does that from its network service, and a policy's report quotes what it refused.
 * The last list of a command line counts alone: the first two features that are enabled, and all but the last that are disabled, are Playwright's own.
 */
export const quietPagesFlags: readonly string[] = [
  `--enable-features=${[
    'CDPScreenshotNewSurface',
    'SkipListAccountsWithoutGaiaCookies',
    'NoStatePrefetchHoldback',
    'PrefetchMultipleActiveSetSizeLimitForBase:prefetch_multiple_active_set_size_limit_for_base_value/0',
    'Prerender2FallbackPrefetchSpecRules:kPrerender2FallbackPrefetchSchedulerPolicy/NotUse',
  ].join(',')}`,
  `--disable-features=${[
    'AvoidUnnecessaryBeforeUnloadCheckSync',
    'DestroyProfileOnBrowserClose',
    'HttpsUpgrades',
    'HttpsFirstBalancedModeAutoEnable',
    'LensOverlay',
    'MediaRouter',
    'PaintHolding',
    'ThirdPartyStoragePartitioning',
    'AvoidCorsURLLoaderRestartOnRedirect',
    'TcpPortRandomizationWin',
    'OptimizationHints',
    'NetworkTimeServiceQuerying',
    'AimEnabled',
    'PreconnectToSearch',
    'msForceBrowserSignIn',
    'msEdgeUpdateLaunchServicesPreferredVersion',
    'Reporting',
  ].join(',')}`,
  '--disable-blink-features=FedCm',
];

/** Runs inside each new document: must not refer to anything outside itself. */
function shutDoors(stsOrigin: string): void {
  // An ancestor that hides its name may be the STS.
  const within = [...location.ancestorOrigins].some((origin) => origin === stsOrigin || origin === 'null');
  const opened = top !== null && top.opener !== null;
  const strict = self.origin === stsOrigin || within || opened;
  const everywhere = [
    'RTCPeerConnection',
    'webkitRTCPeerConnection',
    'WebTransport',
    'PaymentRequest',
    'WebSocketStream',
    'TCPSocket',
    'UDPSocket',
    'fetchLater',
  ];
  const here = strict ? ['WebSocket', 'Worker', 'SharedWorker', 'AudioWorklet', 'Worklet', 'PaintWorklet', 'sharedStorage'] : [];
  for (const name of [...everywhere, ...here]) Reflect.deleteProperty(self, name);
  if (strict) Reflect.deleteProperty(Navigator.prototype, 'serviceWorker');
  else if (self === top && self.name !== '') self.name = '';
  const policy = document.createElement('meta');
  policy.httpEquiv = 'Content-Security-Policy';
  policy.content = `connect-src http: https: data: blob: ${strict ? "; worker-src 'none'" : "wss: 'self'"}`;
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
