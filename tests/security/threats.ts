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
      'tests/security/leaks.lab.ts',
      'tests/security/one-time-codes.lab.ts',
      'tests/security/killed.lab.ts',
      'tests/security/trace.lab.ts',
      'runs/secrets.lab.ts',
      'runs/secret-scan.test.ts',
      'probes/redaction/redact.test.ts',
      'system/log.test.ts',
    ],
  },
  {
    threat: 'a picture shows the password, or a text shows it in disguise',
    tests: [
      'tests/security/pictures.lab.ts',
      'tests/security/leaks.lab.ts',
      'runs/secret-scan.test.ts',
      'probes/redaction/redact.test.ts',
      'runs/account-passwords.test.ts',
    ],
  },
  {
    threat: 'the password goes to anybody but the STS',
    tests: [
      'tests/security/password-stays.lab.ts',
      'tests/security/challenge-retries.lab.ts',
      'tests/security/side-doors.lab.ts',
      'probes/journey/journey-hostile.lab.ts',
      'probes/guard/password-search.test.ts',
    ],
  },
  { threat: 'a tampered page of the STS gets the password out', tests: ['tests/security/page-attacks.lab.ts'] },
  { threat: 'the STS gets the password more than once', tests: ['tests/security/one-request.lab.ts', 'tests/security/challenge-retries.lab.ts'] },
  {
    threat: 'a secret leaks on its way from its store',
    tests: [
      'probes/secrets/resolve-secret.test.ts',
      'probes/secrets/stores.lab.ts',
      'probes/browser/browser-environment.test.ts',
      'probes/browser/install-browser.test.ts',
    ],
  },
  {
    threat: 'the probe locks its own account',
    tests: [
      'tests/security/one-submission.lab.ts',
      'tests/security/killed-at-the-post.lab.ts',
      'tests/security/watch-and-run.lab.ts',
      'tests/security/real-directory.lab.ts',
      'probes/account-state/account-state.lab.ts',
      'probes/account-state/parked-accounts.test.ts',
      'probes/account-state/given-codes.test.ts',
      'probes/journey/journey.lab.ts',
    ],
  },
  { threat: 'another account signs in than the one configured', tests: ['tests/security/another-account.lab.ts'] },
  {
    threat: 'the probe is a load on AD FS, or runs get into each other’s way',
    tests: ['probes/account-state/sts-visits.test.ts', 'system/lock.test.ts', 'tests/security/shared-state.lab.ts'],
  },
  {
    threat: 'a server writes into a report',
    tests: [
      'tests/security/hostile-reports.lab.ts',
      'tests/security/injections.test.ts',
      'tests/security/tampered.lab.ts',
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
    tests: ['tests/security/hostile-pages.lab.ts', 'probes/network/local-network.test.ts'],
  },
  {
    threat: 'a federation message harms its reader',
    tests: ['federation/fuzz.test.ts', 'federation/gate.test.ts', 'federation/signature.test.ts', 'federation/corpus.test.ts'],
  },
  {
    threat: 'a connection is not what it seems',
    tests: ['probes/browser/browser.lab.ts', 'probes/captures/tls.lab.ts', 'probes/network/https-get.lab.ts', 'monitor/fleet/agent-tls.lab.ts'],
  },
  { threat: 'the session of one sign-in serves another', tests: ['runs/browser-sharing.lab.ts', 'probes/browser/browser-pool.lab.ts'] },
  {
    threat: 'a fault leaves processes, files or half a report',
    tests: [
      'tests/security/faults.lab.ts',
      'tests/security/browser-hangs.lab.ts',
      'tests/security/memory.lab.ts',
      'probes/browser/in-browser.lab.ts',
      'probes/browser/browser-pool.lab.ts',
      'probes/browser/browser-profile.lab.ts',
      'cli/cli.lab.ts',
    ],
  },
  {
    threat: 'the scheduler makes up for lost time by a storm, or loses slots unsaid',
    tests: ['tests/security/scheduler.lab.ts', 'monitor/store/damaged-store.lab.ts', 'monitor/store/store.lab.ts', 'monitor/store/power-loss.lab.ts'],
  },
  {
    threat: 'watch gives away what it knows, or lets others in',
    tests: [
      'tests/security/watch-interfaces.lab.ts',
      'monitor/web/access.lab.ts',
      'monitor/web/pages.lab.ts',
      'monitor/server/http-app.lab.ts',
      'monitor/web/guard/sessions.test.ts',
    ],
  },
  { threat: 'others on the machine read what is written, or lead it elsewhere', tests: ['tests/security/files.lab.ts'] },
  {
    threat: 'a receiver, a store or a provider sends the program elsewhere',
    tests: ['tests/security/redirects.lab.ts', 'monitor/alerts/channels/channels.lab.ts'],
  },
  { threat: 'an agent does more than its location’s work', tests: ['monitor/fleet/agent-bounds.lab.ts', 'tests/security/agent-clocks.lab.ts'] },
];
