/** Sample reports, one per story a reader can meet. */
import type { Finding, Report, Result } from '../../contracts/report';
import type { Route, Verdict } from '../../contracts/words';
import { goodExchange, issuerText, refusedExchange, refusedPages, unexplainedExchange } from './sample-exchanges';
import { baseResult, blank, certificates, newSigning, now, oldSigning, page, startedAt } from './sample-parts';

const reportOf = (verdict: Verdict, results: Result[], label: string | null = null): Report => ({
  schema: 1,
  run: { id: '20251118-024706-9c2f', startedAt, finishedAt: now, label, location: 'hq', tool: '1.0.0', browser: 'chromium-headless-shell 142.0.7444.59' },
  verdict,
  results,
});

const shots = (route: Route, files: readonly [string, string][]): Result['screenshots'] =>
  files.map(([name, caption], index) => ({ file: `screens/${route}-${name}.png`, caption, atMs: 400 * (index + 1) }));

const healthyResult = (route: Route): Result => ({
  ...baseResult(route),
  exchange: goodExchange(route),
  screenshots: shots(route, [['1-shell', 'CRM, signed in']]),
  ruledOut: [{ id: 'adfs-signing-cert-rolled', why: 'Sign-in works.' }],
});

export const healthySample = (): Report => reportOf('healthy', [healthyResult('internal'), healthyResult('ifd')]);

const pending: Finding = {
  id: 'adfs-signing-cert-secondary-pending',
  title: 'A new AD FS signing certificate waits; when AD FS promotes it, CRM will refuse every sign-in',
  kb: '2686840',
  certainty: 'confirmed',
  because: [
    {
      text: `AD FS publishes two signing certificates: ${oldSigning.sha1}, which signs now, and ${newSigning.sha1}, made on 16 Nov 2025.`,
      refs: [`certificate:${oldSigning.sha1}`, `certificate:${newSigning.sha1}`],
    },
    { text: 'The metadata is still signed with the older one, and sign-in works.', refs: ['metadata:sts'] },
  ],
  against: [{ text: 'The date rests on AD FS’s default of 5 days between making and promoting; Get-AdfsProperties shows the farm’s own values.', refs: [] }],
  remedy: [
    { text: 'Book a maintenance window before 21 Nov 2025 10:20 UTC. People cannot sign in between the promotion and the end of the steps.' },
    {
      text: 'In the window, on the primary AD FS server, promote the new certificate.',
      command: `Set-AdfsCertificate -CertificateType Token-Signing -Thumbprint ${newSigning.sha1} -IsPrimary`,
    },
    {
      text:
        'Right after that, run Configure Claims-Based Authentication and Configure IFD in CRM’s Deployment Manager with the same ' +
        'values, then on every CRM front end:',
      command: 'iisreset',
    },
  ],
  checkAfterwards: [{ text: 'Sign in over both routes; expect healthy.', command: 'npx signin-probe run contoso' }],
};

export const atRiskSample = (): Report =>
  reportOf(
    'at-risk',
    (['internal', 'ifd'] as const).map((route) => ({
      ...healthyResult(route),
      verdict: 'at-risk',
      summary: 'at risk: a new AD FS signing certificate waits to be promoted; sign-in breaks on 21 Nov 2025',
      causes: [pending],
      certificates: certificates('window-open'),
      ruledOut: [],
      forecast: {
        state: 'window-open',
        breaksAt: '2025-11-21T22:20:31Z',
        toleranceHours: 12,
        why: 'The new certificate was made on 16 Nov 2025; AD FS promotes it by itself 5 days later.',
      },
    })),
  );

const rolled = (route: Route): Finding => {
  const post = route === 'internal' ? 6 : 5;
  return {
    id: 'adfs-signing-cert-rolled',
    title: 'AD FS signs with a new certificate; CRM still trusts the old one',
    kb: '2686840',
    certainty: 'confirmed',
    because: [
      { text: 'AD FS issued a token, CRM refused it and set no session cookie.', refs: [`exchange:${post}`] },
      { text: `CRM’s error page says “ID4175: ${issuerText.slice(0, issuerText.indexOf('.') + 1)}”`, refs: [`exchange:${post + 1}`, 'page:3'] },
      {
        text: `AD FS’s metadata is signed with ${newSigning.sha1} since 16 Nov 2025; at the last good sign-in it was ${oldSigning.sha1}.`,
        refs: [`certificate:${newSigning.sha1}`, `certificate:${oldSigning.sha1}`, 'last-good'],
      },
      {
        text: 'CRM’s WSDL and AD FS’s metadata name the same issuer, http://sts.contoso.com/adfs/services/trust: the name is right, the key is not.',
        refs: ['wsdl', 'metadata:sts'],
      },
    ],
    against: [
      { text: 'Nothing seen speaks against it.', refs: [] },
      { text: 'It would be disproved if the thumbprint in CRM’s configuration database equals 2BD7901E6C45A8F3397E10DC4B52A96F08C1E4D3.', refs: [] },
    ],
    remedy: [
      {
        text: 'On the AD FS server, update the federation metadata of both CRM relying-party trusts.',
        command: 'Update-AdfsRelyingPartyTrust -TargetName "CRM Claims Relying Party"; Update-AdfsRelyingPartyTrust -TargetName "CRM IFD Relying Party"',
      },
      { text: 'On every CRM front-end server, restart IIS.', command: 'iisreset' },
      { text: 'On every AD FS server, restart the service.', command: 'Restart-Service adfssrv' },
      {
        text:
          'If people still cannot sign in: in CRM’s Deployment Manager choose Disable Claims-Based Authentication and run iisreset; ' +
          'then Configure Claims-Based Authentication and Configure Internet-Facing Deployment, both with the same values as before. ' +
          'Run iisreset, and repeat steps 1 to 3.',
      },
    ],
    checkAfterwards: [
      { text: 'Sign in over both routes; expect healthy, exit code 0.', command: 'npx signin-probe run contoso' },
      { text: 'Look up the date of the next rollover.', command: 'npx signin-probe forecast contoso' },
    ],
  };
};

const loop: Finding = {
  id: 'adfs-loop-detected-msis7042',
  title: 'AD FS stops browsers that come back too often (an effect of the refusal)',
  kb: null,
  certainty: 'suspected',
  because: [{ text: 'People who press reload get a sixth token within 20 seconds, and AD FS’s error page.', refs: [] }],
  against: [],
  remedy: [],
  checkAfterwards: [],
};

const ruledOut: Result['ruledOut'] = [
  { id: 'clock-skew-crm-vs-adfs', why: 'AD FS and CRM are 0.4 s apart; 5 minutes are tolerated. ID4175 comes after the check of the times.' },
  { id: 'crm-encryption-cert-changed-rp-stale', why: 'The token is encrypted for serial 71220093884411002, which is the certificate CRM publishes.' },
  { id: 'audience-realm-mismatch', why: 'CRM’s metadata has the realm the token is for.' },
  { id: 'adfs-issuer-name-changed', why: 'CRM’s WSDL and AD FS’s metadata name the same issuer.' },
  { id: 'wrong-password', why: 'AD FS accepted the credentials and issued a token.' },
  { id: 'rp-identifier-missing', why: 'AD FS issued a token for this realm.' },
  { id: 'tls-cert-expired', why: 'All server certificates are valid until 3 Apr 2026.' },
];

const brokenResult = (route: Route): Result => ({
  ...baseResult(route),
  verdict: 'broken',
  signedIn: 'no',
  signedInAs: null,
  symptom: 'error-page',
  failedAt: 'token-post',
  summary: 'broken: AD FS signs with a new certificate; CRM still trusts the old one (KB 2686840, confirmed)',
  why: 'AD FS accepted the account and issued a token; CRM answered the token with its error page (ID4175).',
  causes: route === 'ifd' ? [rolled(route), loop] : [rolled(route)],
  ruledOut,
  notJudged: [{ id: 'mfa-required-for-probe', why: 'No page after the credentials was seen.' }],
  exchange: refusedExchange(route),
  pages: refusedPages(route),
  certificates: certificates('promoted'),
  forecast: { state: 'promoted', breaksAt: null, toleranceHours: 12, why: 'AD FS already signs with the new certificate.' },
  timings: { totalMs: 1112, dnsMs: 4, tlsMs: 62, stsMs: 520, tokenPostMs: 238, crmPageMs: null },
  attempts: [{ n: 1, verdict: 'broken', startedAt }],
  screenshots: shots(route, [
    ...(route === 'ifd' ? ([['1-sign-in', 'AD FS sign-in form (password masked)']] as [string, string][]) : []),
    ['3-crm-error', 'CRM’s error page, where the sign-in ended'],
  ]),
  console: [{ level: 'error', text: 'Failed to load resource: the server responded with a status of 404 ()', atMs: 1090 }],
});

/** KB 2686840 on both routes. */
export const brokenSample = (): Report => reportOf('broken', [brokenResult('internal'), brokenResult('ifd')], 'after the weekend');

/** Not signed in, and no rule explains it; the other route works. */
export const unexplainedSample = (): Report => {
  const exchange = unexplainedExchange('internal');
  const address = 'https://internalcrm.contoso.com/maintenance/notice.aspx?from=%2fContoso';
  const result: Result = {
    ...brokenResult('internal'),
    symptom: 'other',
    failedAt: 'crm-page',
    summary: 'broken: unexplained, stuck at an unknown page “Please confirm”',
    why: 'Stuck at an unknown page: “Please confirm”, https://internalcrm.contoso.com/maintenance/notice.aspx, fields agree (checkbox), go (submit).',
    causes: [],
    exchange,
    certificates: certificates('steady'),
    pages: [
      { ...page(1, 'sts-working', 'Working...', 'https://sts.contoso.com/adfs/ls/', 5, 'let the token go to CRM') },
      {
        ...page(2, 'unknown', 'Please confirm', address, exchange.length, 'none'),
        fields: [
          { name: 'agree', id: 'agree', type: 'checkbox' },
          { name: 'go', id: 'go', type: 'submit' },
        ],
        screenshot: 'screens/internal-2-unknown.png',
      },
    ],
    screenshots: shots('internal', [['2-unknown', 'The unknown page']]),
    forecast: baseResult('internal').forecast,
    console: [],
  };
  return reportOf('broken', [result, healthyResult('ifd')]);
};

/** The browser was killed in mid-run: the probe's own fault. */
export const unknownSample = (): Report =>
  reportOf('unknown', [
    {
      ...baseResult('internal'),
      verdict: 'unknown',
      signedIn: 'unknown',
      signedInAs: null,
      symptom: 'other',
      failedAt: null,
      summary: 'unknown: the browser ended unexpectedly',
      why: 'The browser ended unexpectedly 0.2 s after the start.',
      exchange: [
        {
          ...blank(1, 'crm-redirect', 'GET', 'https://internalcrm.contoso.com/Contoso/main.aspx', null, 70, 0),
          failure: 'net::ERR_ABORTED',
          durationMs: null,
          server: null,
          date: null,
          requestId: null,
        },
      ],
      token: null,
      certificates: [],
      clocks: [],
      tls: [],
      dns: [],
      lastGood: null,
      forecast: { state: 'unknown', breaksAt: null, toleranceHours: 12, why: 'AD FS’s metadata was not read.' },
      timings: { totalMs: 210, dnsMs: null, tlsMs: null, stsMs: null, tokenPostMs: null, crmPageMs: null },
      attempts: [{ n: 1, verdict: 'unknown', startedAt }],
      captureErrors: [{ capture: 'exchanges', why: 'the browser ended before the page answered' }],
      notJudged: [{ id: 'adfs-service-down', why: 'no metadata was read' }],
    },
  ]);

/** Every sample by name. */
export const sampleReports: Readonly<Record<string, () => Report>> = {
  healthy: healthySample,
  'at-risk': atRiskSample,
  broken: brokenSample,
  unexplained: unexplainedSample,
  unknown: unknownSample,
};
