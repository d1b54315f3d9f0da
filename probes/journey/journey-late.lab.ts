/** Pages of AD FS that go on by themselves, or that say more than their structure does. */
import { expect, test } from '@playwright/test';
import { signInAbroad } from '../testing/foreign/foreign-world';
import { escapeHtml, html, redirect } from '../testing/foreign/virtual-hosts';

test('a home realm page whose script chooses after a while is gone on from, and is no home realm question', async () => {
  let chosen = 0;
  const page = (address: string): string =>
    `<div id="hrdArea"><form id="hrd" method="post" action="${escapeHtml(address)}"><input id="hrdSelection" type="hidden">\
<div class="idp" role="button">Agency A</div><div class="idp" role="button">Agency B</div></form></div>
<script>setTimeout(() => { hrdSelection.name = 'HomeRealmSelection'; hrdSelection.value = 'urn:agencyb'; document.forms.hrd.submit(); }, 1200);</script>`;
  const { journey, result } = await signInAbroad({
    rp: { send: (address) => redirect(address.replace('/wsfed?', '/realm?')) },
    idp: {
      pages: {
        '/realm': ({ url, method }) => {
          if (method === 'GET') return html('Home Realm Discovery', page(url.href));
          chosen += 1;
          return redirect(`/wsfed${url.search}`);
        },
      },
    },
  });
  expect(journey, journey.why).toMatchObject({ signedIn: 'yes' });
  expect(chosen).toBe(1);
  expect(result.causes).toEqual([]);
});

test('a second factor that the account cannot use is called that, with the words of the page', async () => {
  const words = "The selected authentication method is not available for 'user@contoso.test'. Choose another authentication method.";
  const mfa = html(
    'Sign In',
    `<div id="mfaGreetingDescription">For security reasons, we require additional information</div><div id="errorArea">` +
      `<div id="openingMessage">An error occurred</div><div id="errorMessage">${words}</div></div>`,
  );
  const { journey, result } = await signInAbroad({ idp: { afterPassword: () => mfa } });
  expect(journey).toMatchObject({ signedIn: 'no', symptom: 'other' });
  expect(journey.why).toContain('cannot be used by this account');
  expect(result.causes[0]).toMatchObject({ id: 'mfa-required-for-probe' });
  expect(JSON.stringify(result.causes[0]?.because)).toContain(
    'second factor cannot be used by this account: \\"The selected authentication method is not available',
  );
});

test('the details of an AD FS error page are read although they are collapsed', async () => {
  const id = '4f5e6d7c-0000-0000-1234-0080000000f6';
  const error = html(
    'Error',
    `<div id="errorArea"><div id="openingMessage">An error occurred</div><div id="errorMessage">Contact your administrator.</div></div>\
<a id="errorDetailsLink" href="#">Error details</a>
<ul id="errorDetails" style="display:none"><li>Activity ID: ${id}</li><li>Relying party: Contoso CRM</li><li>Error time: Tue, 24 Mar 2026 07:53:03 GMT</li>\
<li>Cookie: enabled</li></ul>`,
  );
  const { evidence } = await signInAbroad({ idp: { afterPassword: () => error } });
  expect(evidence.pages.at(-1)).toMatchObject({ kind: 'sts-error', texts: { activityId: id, relyingParty: 'Contoso CRM' } });
});
