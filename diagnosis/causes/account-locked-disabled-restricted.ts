import type { RouteEvidence } from '../../contracts/evidence';
import type { Claim } from '../../contracts/report';
import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { exchangeRef } from '../facts/addresses';
import { formSignIn } from '../facts/form-sign-in';
import { accountEvent, innermost } from '../facts/server-events';
import { passwordExpiry } from '../facts/password-expiry';
import { stsSays } from '../facts/sts-words';
import { windowsSignIn } from '../facts/windows-sign-in';
import { excerpt, instant } from '../facts/wording';
import { probeAgain, releaseAccount } from '../remedy-steps';

/** The password may be right, but the account is locked (in AD or by AD FS), disabled, expired or not allowed to log on. */
export const accountLockedDisabledRestricted = defineRule({
  id: 'account-locked-disabled-restricted',
  title: 'The account may be locked, disabled, expired or restricted (AD FS says the same as for a wrong password)',
  stage: 'credentials',
  rank: 2,
  liesWith: 'account',
  ceiling: 'probable',
  inLab: { behind: 'wrong-password' },
  needs: ['pages', 'exchanges', 'lastGood'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const siblings = evidence.siblings?.filter(({ sameAccount }) => sameAccount) ?? [];
    if (passwordExpiry(evidence) || siblings.some(({ passwordExpired }) => passwordExpired))
      return clear('The STS gave another reason: the password has expired.');
    const form = formSignIn(evidence);
    if (form.state === 'accepted') return clear(`The STS took the credentials: ${form.by}.`);
    const accepted = siblings.find(({ password }) => password === 'accepted');
    const refused = siblings.find(({ password }) => password === 'refused');
    const event = accountEvent(evidence, 'locked');
    if (event)
      return found(
        'probable',
        [
          claim(
            `The server's event log says of the credentials of ${evidence.settings.account}: "${excerpt(innermost(event.text))}".`,
            `server-event:${event.n}`,
          ),
          ...before(evidence),
        ],
        [claim('The event was matched to this sign-in; the account itself in Active Directory tells for certain.', `server-event:${event.n}`)],
      );
    const words = stsSays(evidence, 'locked');
    if (words)
      return found(
        'probable',
        [claim(`After the credentials of ${evidence.settings.account} the STS said "${excerpt(words.text)}".`, words.ref), ...before(evidence)],
        [claim('The words alone say so; the account itself in Active Directory (or at the provider that holds it) tells for certain.')],
      );
    if (form.state === 'refused' || form.state === 'denied') {
      const [page, how] = form.state === 'denied' ? [form.page, `it answered HTTP ${form.status}`] : [form.again, 'the form came back'];
      const again = claim(
        `The STS refused the credentials of ${evidence.settings.account}: ${how}, no session cookie was set.`,
        `page:${page.n}`,
        ...exchangeRef(form.post),
      );
      if (accepted)
        return found(
          'probable',
          [
            again,
            claim(`The ${accepted.route} route accepted the same password in this run, so it is right: AD FS's extranet lockout, or a rule for this way in.`),
          ],
          [claim('It clears by itself after the observation window; an outside sign-in then would confirm it.')],
        );
      return found('suspected', [again, ...before(evidence)], [twin]);
    }
    if (evidence.journey.withheld !== null && refused)
      return found(
        'suspected',
        [claim(`The ${refused.route} route refused ${evidence.settings.account} in this run; it was not tried again here.`), ...before(evidence)],
        [twin],
      );
    const windows = windowsSignIn(evidence);
    if (windows.state === 'refused' && refused)
      return found(
        'suspected',
        [claim('Windows sign-in was refused, and the form of another route refused the account as well.', ...windows.refs), ...before(evidence)],
        [twin],
      );
    if (windows.state === 'refused' && accepted) return clear(`The ${accepted.route} route accepted the same account in this run.`);
    if (windows.state === 'refused')
      return cannotTell('A refused Windows sign-in alone does not show whether the account is the reason; see the causes named.');
    if (form.state === 'unclear') return cannotTell(`Credentials were sent, but ${form.why}.`);
    return evidence.pages.length === 0 && evidence.exchanges.length === 0
      ? cannotTell('Nothing was seen of the sign-in.')
      : clear('No credentials were refused.');
  },
  remedy: ({ settings }) => [
    {
      text: `On a domain controller or with RSAT: look at ${settings.account}: locked, disabled, expired, allowed hours and computers.`,
      command:
        `Get-ADUser '${accountName(settings.account)}' -Properties LockedOut, Enabled, AccountExpirationDate, ` +
        `LogonHours, LogonWorkstations, BadLogonCount`,
    },
    {
      text: 'If it is locked: find what locks it (event 4740 on the PDC emulator), then unlock it.',
      command: `Unlock-ADAccount '${accountName(settings.account)}'`,
    },
    {
      text: 'Only outside: the extranet lockout of AD FS; its threshold must be below that of Active Directory.',
      command: 'Get-AdfsProperties | Format-List ExtranetLockout*, ExtranetObservationWindow',
    },
    {
      text: 'AD FS 2016 and later: the state of the account there, and its release.',
      command: `Get-AdfsAccountActivity '${settings.account}'; Reset-AdfsAccountLockout '${settings.account}' -Location Unknown`,
    },
    ...releaseAccount(settings),
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});

const twin = claim(
  'A wrong password looks exactly the same and is more common; the events 411, 4625 and 4740 on the servers tell which, ' +
    'or the account itself in Active Directory.',
);

const before = ({ lastGood }: Pick<RouteEvidence, 'lastGood'>): readonly Claim[] =>
  lastGood ? [claim(`The account signed in on ${instant(lastGood.savedAt)}; if its password was not changed since, its state was.`, 'last-good')] : [];

/** CONTOSO\probe → probe, as the Active Directory commands want it. */
const accountName = (account: string): string => (account.split('\\').at(-1) ?? account).split('@')[0]?.replace(/'/g, "''") ?? account;
