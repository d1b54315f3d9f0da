import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { exchangeRef, hostOf, stsHost } from '../facts/addresses';
import { formSignIn } from '../facts/form-sign-in';
import { silentLoop } from '../facts/silent-loop';
import { probeAgain, readAdfsLog } from '../remedy-steps';

/** AD FS takes the password, fails its own logon on the user's behalf (S4U) and shows the form again, without a word. */
export const adfsS4uSilentLoop = defineRule({
  id: 'adfs-s4u-silent-loop',
  title: 'AD FS takes the password and shows its form again without an error (its own logon for the user fails)',
  stage: 'token-issue',
  rank: 5,
  liesWith: 'method',
  ceiling: 'suspected',
  // Windows sign-in needs no logon of AD FS on behalf of the user.
  inLab: { routes: ['ifd'] },
  needs: ['pages', 'exchanges'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const loop = silentLoop(evidence);
    const settle = claim(
      'The reason is only in the AD FS debug log (S4U logon, C_PRINCIPAL_UNKNOWN); farm nodes that do not share their cookie key would look the same.',
    );
    if (loop?.foreignCookie) return clear('A cookie MSISAuth of another server was sent to the STS along with its own; that collision explains the form.');
    if (loop) {
      const text = loop.again.texts['errorText'];
      return found(
        'suspected',
        [
          claim(`${hostOf(loop.post.url)} took the credentials: HTTP ${loop.post.status} with its session cookie MSISAuth.`, ...exchangeRef(loop.post)),
          claim(
            `The next request carried that cookie, and the answer was the sign-in form again${text ? '' : ', without a text'}; no token was issued.`,
            ...exchangeRef(loop.followUp),
            `page:${loop.again.n}`,
          ),
        ],
        [...(text ? [claim(`The form shows the text "${text}"; this failure is silent as a rule.`, `page:${loop.again.n}`)] : []), settle],
      );
    }
    const form = formSignIn(evidence);
    if (form.state === 'unclear') return cannotTell(`Credentials were sent, but ${form.why}.`);
    if (form.state === 'refused') return clear(`${stsHost(evidence)} refused the credentials: it set no session cookie.`);
    if (form.state === 'accepted') return clear('The sign-in went on after the credentials; the form did not come back with its own cookie sent.');
    return evidence.pages.length === 0 && evidence.exchanges.length === 0
      ? cannotTell('Nothing was seen of the sign-in.')
      : clear('No credentials were typed into a form.');
  },
  remedy: ({ settings }) => [
    { text: 'On the AD FS server: switch the debug log on, sign in once, and look for the S4U logon.', command: 'wevtutil sl "AD FS Tracing/Debug" /e:true' },
    readAdfsLog,
    {
      text:
        `Let the AD FS service account read the users, ${settings.account} among them: membership in "Windows Authorization Access Group", ` +
        `or read permission on the user objects.`,
      command: "Add-ADGroupMember 'Windows Authorization Access Group' -Members '<AD FS service account>'",
    },
    { text: 'Then restart the service, so that it gets its new groups.', command: 'Restart-Service adfssrv' },
    {
      text: 'Farm: make sure that every node shares the configuration (a secondary that does not synchronise cannot read the cookie).',
      command: 'Get-AdfsSyncProperties',
    },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
