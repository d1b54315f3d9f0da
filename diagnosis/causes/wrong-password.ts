import { cannotTell, claim, clear, defineRule, found, type DiagnosisInput } from '../define-rule';
import type { Claim } from '../../contracts/report';
import type { Judgement } from '../../contracts/rule';
import { exchangeRef } from '../facts/addresses';
import { formSignIn } from '../facts/form-sign-in';
import { accountEvent, innermost } from '../facts/server-events';
import { passwordExpiry } from '../facts/password-expiry';
import { stsSays } from '../facts/sts-words';
import { windowsSignIn } from '../facts/windows-sign-in';
import { excerpt, withoutStop } from '../facts/wording';
import { releaseAccount } from '../remedy-steps';

/** The probe's password is wrong (or the account is locked, disabled or restricted: AD FS says the same for all). */
export const wrongPassword = defineRule({
  id: 'wrong-password',
  title: "The account's password was refused",
  stage: 'credentials',
  rank: 0,
  liesWith: 'account',
  ceiling: 'probable',
  needs: ['pages', 'exchanges'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    if (passwordExpiry(evidence) || evidence.siblings?.some(({ sameAccount, passwordExpired }) => sameAccount && passwordExpired))
      return clear('The STS says that the password has expired, so it was the right one.');
    const locked = accountEvent(evidence, 'locked');
    if (locked) return clear(`The server's event log gives another reason: "${excerpt(innermost(locked.text))}".`);
    const form = formSignIn(evidence);
    if (form.state === 'accepted') return clear(`The password was right: ${form.by}.`);
    if (form.state === 'format-refused') return clear(`The sign-in page refused what was typed before anything was sent: "${excerpt(form.errorText)}".`);
    if (form.state === 'refused') {
      const said = form.errorText ? `with the text "${excerpt(form.errorText)}"` : 'without a text';
      const refs = [`page:${form.again.n}`, ...exchangeRef(form.post)];
      const again = claim(
        `After the credentials of ${evidence.settings.account} were sent, the sign-in form came back ${said}; ` +
          `the STS set no session cookie and issued no token.`,
        ...refs,
      );
      const elsewhere = evidence.siblings?.find(({ password, sameAccount }) => sameAccount && password === 'accepted');
      if (elsewhere)
        return found(
          'suspected',
          [again],
          [claim(`The ${elsewhere.route} route accepted the same password in this run: rather an extranet lockout or a rule for this route.`), sameText],
        );
      const another = anotherReason(evidence);
      if (another) return found('suspected', [again], [another]);
      const refusedToo =
        evidence.siblings
          ?.filter(({ password, sameAccount }) => sameAccount && password === 'refused')
          .map(({ route }) => claim(`The ${route} route refused the same password in this run.`)) ?? [];
      return found(
        form.post ? 'probable' : 'suspected',
        [again, ...refusedToo],
        [...(form.post ? [] : [claim('The submission itself is not in the evidence.')]), sameText],
      );
    }
    if (form.state === 'denied')
      return found(
        form.status === 401 ? 'probable' : 'suspected',
        [
          claim(
            `The STS answered the credentials of ${evidence.settings.account} with HTTP ${form.status}; it set no session cookie and issued no token.`,
            `page:${form.page.n}`,
            ...exchangeRef(form.post),
          ),
        ],
        [...(form.status === 403 ? [claim('HTTP 403 may as well deny a right password the way in.')] : []), sameText],
      );
    const windows = windowsSignIn(evidence);
    if (windows.state === 'refused') return judgeWindows(evidence, windows);
    if (windows.state === 'accepted') return clear('Windows sign-in was accepted at the STS.');
    const refusedElsewhere = evidence.siblings?.find(({ password, sameAccount }) => sameAccount && password === 'refused');
    if (evidence.journey.withheld !== null && refusedElsewhere) {
      const certainty = refusedElsewhere.method === 'forms' ? 'probable' : 'suspected';
      return found(
        certainty,
        [
          claim(
            `The ${refusedElsewhere.route} route refused the password of ${evidence.settings.account} in this run; ` +
              `it was not submitted again here, so as not to lock the account.`,
          ),
        ],
        [sameText],
      );
    }
    if (evidence.journey.withheld !== null) {
      const withheld = `The credentials were ${withoutStop(evidence.journey.withheld)}.`;
      // A parked account: an earlier run was refused, this one did not ask.
      return evidence.journey.signedIn === 'unknown' ? cannotTell(withheld) : clear(withheld);
    }
    if (windows.state === 'not-recorded') return cannotTell('The recording does not show whether Windows credentials were sent.');
    if (windows.state === 'not-answered') return clear('The STS asked for Windows credentials and the browser sent none.');
    if (form.state === 'unclear') return cannotTell(`Credentials were sent, but ${form.why}.`);
    return evidence.journey.signedIn === 'no'
      ? clear(`No credentials were sent; the sign-in ended at stage ${evidence.journey.failedAt ?? 'unknown'}.`)
      : cannotTell('No credentials were sent in this run.');
  },
  remedy: ({ settings }) => [
    {
      text: `On a domain controller or with RSAT: look at the account ${settings.account}: locked, disabled, expired, password age.`,
      command:
        `Get-ADUser '${accountName(settings.account)}' -Properties LockedOut, Enabled, AccountExpirationDate, ` +
        `PasswordExpired, PasswordLastSet, BadPwdCount`,
    },
    { text: 'If it is locked: unlock it.', command: `Unlock-ADAccount '${accountName(settings.account)}'` },
    {
      text:
        'Set the right password in the secret store the configuration points to. Try it once by hand before the probe runs again: ' +
        'every refused try counts towards the lockout.',
    },
    {
      text: 'For access from outside: see whether AD FS extranet lockout holds the account (AD FS 2016 and later).',
      command: `Get-AdfsAccountActivity '${settings.account}'`,
    },
    ...releaseAccount(settings),
  ],
  checkAfterwards: ({ target }) => [{ text: 'Sign in once with the probe.', command: `npx signin-probe run ${target}` }],
});

/** What the STS says besides, which may be the whole reason. */
function anotherReason(evidence: DiagnosisInput<'pages'>): Claim | null {
  const locked = stsSays(evidence, 'locked');
  if (locked) return claim(`The STS gives another reason: "${excerpt(locked.text)}".`, locked.ref);
  const human = stsSays(evidence, 'prove-human');
  return (
    human &&
    claim(`The form wants proof that a person signs in, which a probe cannot give: "${excerpt(human.text)}". That alone refuses any password.`, human.ref)
  );
}

const sameText = claim('AD FS gives the same answer for a locked, disabled, expired or restricted account; the events 411 and 4625 on the servers tell which.');

/** A final 401 after credentials: the password or Windows sign-in itself; only another route with the same password can part them. */
function judgeWindows(
  evidence: DiagnosisInput<'pages' | 'exchanges'>,
  { sent, refs }: Extract<ReturnType<typeof windowsSignIn>, { state: 'refused' }>,
): Judgement {
  if (evidence.settings.windowsCurrent) return clear('The ticket of the logged-on Windows account was used, no password.');
  const refused = claim(`The STS answered 401 again after ${sent} for ${evidence.settings.account}.`, ...refs);
  const other = evidence.siblings?.find(({ password, sameAccount }) => sameAccount && password !== 'not-tried');
  if (other?.password === 'accepted') return clear(`The ${other.route} route accepted the same password in this run.`);
  if (other)
    return found(
      'probable',
      [refused, claim(`The ${other.route} route (${other.method ?? 'unknown method'}) refused the same password in this run.`)],
      [sameText],
    );
  return found(
    'suspected',
    [refused],
    [
      claim(
        'A refused Windows sign-in looks the same for a wrong password, a missing SPN and channel binding; ' +
          'the same account over a route with the sign-in form would part them.',
      ),
      sameText,
    ],
  );
}

/** CONTOSO\probe → probe, as the Active Directory commands want it. */
const accountName = (account: string): string => (account.split('\\').at(-1) ?? account).split('@')[0]?.replace(/'/g, "''") ?? account;
