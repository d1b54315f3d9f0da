/** What may go wrong, what is done about it, and the test files that try it: the rows of docs/security.md and of `npm run test:security`. */
export interface Threat {
  readonly threat: string;
  /** Test files, from the project's root. */
  readonly tests: readonly string[];
}

export const threats: readonly Threat[] = [
  {
    threat: 'a secret stands in what a run leaves behind',
    tests: [
      'security/leaks.lab.ts',
      'security/one-time-codes.lab.ts',
      'security/killed.lab.ts',
      'security/trace.lab.ts',
      'runs/secrets.lab.ts',
      'runs/secret-scan.test.ts',
      'probes/redact.test.ts',
      'probes/log.test.ts',
    ],
  },
  {
    threat: 'a picture shows the password, or a text shows it in disguise',
    tests: ['security/pictures.lab.ts', 'security/leaks.lab.ts', 'runs/secret-scan.test.ts', 'probes/redact.test.ts', 'runs/account-passwords.test.ts'],
  },
  {
    threat: 'the password goes to anybody but the STS',
    tests: [
      'security/password-stays.lab.ts',
      'security/challenge-retries.lab.ts',
      'security/side-doors.lab.ts',
      'probes/journey-hostile.lab.ts',
      'probes/password-search.test.ts',
    ],
  },
  { threat: 'a tampered page of the STS gets the password out', tests: ['security/page-attacks.lab.ts'] },
  { threat: 'the STS gets the password more than once', tests: ['security/one-request.lab.ts', 'security/challenge-retries.lab.ts'] },
  {
    threat: 'a secret leaks on its way from its store',
    tests: ['probes/secrets/resolve-secret.test.ts', 'probes/secrets/stores.lab.ts', 'probes/browser-environment.test.ts', 'probes/install-browser.test.ts'],
  },
  {
    threat: 'the probe locks its own account',
    tests: [
      'security/one-submission.lab.ts',
      'security/killed-at-the-post.lab.ts',
      'security/watch-and-run.lab.ts',
      'security/real-directory.lab.ts',
      'probes/account-state/account-state.lab.ts',
      'probes/account-state/parked-accounts.test.ts',
      'probes/journey.lab.ts',
    ],
  },
  { threat: 'another account signs in than the one configured', tests: ['security/another-account.lab.ts'] },
  {
    threat: 'the probe is a load on AD FS, or runs get into each other’s way',
    tests: ['probes/account-state/state-lock.test.ts', 'security/shared-state.lab.ts'],
  },
  {
    threat: 'a server writes into a report',
    tests: [
      'security/hostile-reports.lab.ts',
      'security/injections.test.ts',
      'security/tampered.lab.ts',
      'reports/html.test.ts',
      'reports/html.lab.ts',
      'reports/markdown.test.ts',
      'reports/terminal.test.ts',
      'reports/junit.test.ts',
      'reports/monitoring.test.ts',
      'monitor/alerts/message.test.ts',
    ],
  },
  {
    threat: 'a page reaches what it must not: files, other hosts, the disk, the machine',
    tests: ['security/hostile-pages.lab.ts', 'probes/network/local-network.test.ts'],
  },
  {
    threat: 'a federation message harms its reader',
    tests: ['federation/fuzz.test.ts', 'federation/gate.test.ts', 'federation/signature.test.ts', 'federation/corpus.test.ts'],
  },
  {
    threat: 'a connection is not what it seems',
    tests: ['probes/browser.lab.ts', 'probes/captures/tls.lab.ts', 'probes/network/https-get.lab.ts', 'monitor/fleet/agent-tls.lab.ts'],
  },
  { threat: 'the session of one sign-in serves another', tests: ['runs/browser-sharing.lab.ts', 'probes/browser-pool.lab.ts'] },
  {
    threat: 'a fault leaves processes, files or half a report',
    tests: [
      'security/faults.lab.ts',
      'security/browser-hangs.lab.ts',
      'security/memory.lab.ts',
      'probes/in-browser.lab.ts',
      'probes/browser-pool.lab.ts',
      'probes/browser-profile.lab.ts',
      'scripts/cli.lab.ts',
    ],
  },
  {
    threat: 'the scheduler makes up for lost time by a storm, or loses slots unsaid',
    tests: ['security/scheduler.lab.ts', 'monitor/store/damaged-store.lab.ts', 'monitor/store/store.lab.ts', 'monitor/store/power-loss.lab.ts'],
  },
  {
    threat: 'watch gives away what it knows, or lets others in',
    tests: [
      'security/watch-interfaces.lab.ts',
      'monitor/web/access.lab.ts',
      'monitor/web/pages.lab.ts',
      'monitor/http-app.lab.ts',
      'monitor/web/guard/sessions.test.ts',
    ],
  },
  { threat: 'others on the machine read what is written, or lead it elsewhere', tests: ['security/files.lab.ts'] },
  { threat: 'a receiver, a store or a provider sends the program elsewhere', tests: ['security/redirects.lab.ts', 'monitor/alerts/channels/channels.lab.ts'] },
  { threat: 'an agent does more than its location’s work', tests: ['monitor/fleet/agent-bounds.lab.ts', 'security/agent-clocks.lab.ts'] },
];
