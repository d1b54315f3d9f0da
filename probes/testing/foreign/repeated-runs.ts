/** The same sign-ins run after run, as a monitor makes them, at one identity provider: how often the password arrives. */
import { join } from 'node:path';
import { diagnose } from '../../../diagnosis/diagnose';
import type { RouteEvidence } from '../../../contracts/evidence';
import type { Result } from '../../../contracts/report';
import { ParkedAccounts } from '../../account-state/parked-accounts';
import { BrowserPool } from '../../browser/browser-pool';
import { SubmitOnce } from '../../account-state/submit-once';
import { account, equipment } from './foreign-world';
import { identityProvider, type IdentityProviderWishes } from './identity-provider';
import { relyingParty } from './relying-party';
import { attemptSignIn, tells } from './sign-in-attempt';
import { startVirtualHosts, type VirtualHosts } from './virtual-hosts';

export interface Account {
  readonly user: string;
  readonly password: string;
  /** The target's name; `foreign` unless given. */
  readonly target?: string;
}

export interface RunsWishes {
  readonly idp?: Partial<IdentityProviderWishes>;
  /** Who signs in, in each run, in this order. */
  readonly accounts: readonly Account[];
  readonly runs: number;
  readonly deadlineMs?: number;
  /** Minutes that pass between two runs; none unless given. */
  readonly minutesBetween?: number;
  readonly before?: (hosts: VirtualHosts) => void;
  /** What happens outside before each run, the first being 1. */
  readonly beforeRun?: (run: number) => Promise<void>;
}

export interface Runs {
  /** Requests with that password that arrived at the provider. */
  readonly arrived: (password: string) => number;
  /** Of each run, the results in the order of `accounts`. */
  readonly results: readonly (readonly Result[])[];
}

/** A new process in all but the browser: of one run only what is on the disk reaches the next. */
export async function repeatedRuns({ idp, accounts, runs, deadlineMs, minutesBetween = 0, before, beforeRun }: RunsWishes): Promise<Runs> {
  const { pki, key, browser } = await equipment();
  const hosts = await startVirtualHosts(pki);
  const browsers = new BrowserPool();
  try {
    const provider = identityProvider(hosts.origin('idp.example.test'), { account, key, ...idp });
    const party = relyingParty(hosts.origin('app.example.test'), { signInUrl: `${hosts.origin('idp.example.test')}/wsfed`, trusted: key.certificate });
    hosts.put('idp.example.test', provider.site);
    hosts.put('app.example.test', party.site);
    before?.(hosts);
    const results: Result[][] = [];
    for (let run = 0; run < runs; run++) {
      await beforeRun?.(run + 1);
      const id = `run-${run + 1}`;
      const submitOnce = new SubmitOnce();
      submitOnce.keepIn(
        ParkedAccounts.in(join(hosts.folder, 'state'), () => Date.now() + run * minutesBetween * 60_000),
        id,
      );
      const seen: RouteEvidence[] = [];
      for (const { user, password, target } of accounts)
        seen.push(
          await attemptSignIn({
            hosts,
            browser,
            browsers,
            submitOnce,
            url: party.url,
            sts: hosts.origin('idp.example.test'),
            user,
            password,
            name: target,
            deadlineMs,
          }),
        );
      const at = seen[0]?.startedAt ?? '';
      const report = diagnose({
        schema: 1,
        run: { id, startedAt: at, finishedAt: at, label: null, location: null, tool: 'test', browser: 'test' },
        results: seen,
      });
      report.results.forEach(({ target: name, route, verdict, symptom, failedAt, why, causes, signedIn }, index) => {
        const { user } = accounts[index] ?? account;
        if (signedIn !== 'yes')
          submitOnce.explain({ stsOrigin: hosts.origin('idp.example.test'), user }, { name, route }, { verdict, symptom, failedAt, why, causes });
      });
      results.push([...report.results]);
    }
    return { results, arrived: (password) => hosts.arrivals.filter(({ host, raw }) => host === 'idp.example.test' && tells(raw, password)).length };
  } finally {
    await browsers.close();
    await hosts.close();
  }
}
