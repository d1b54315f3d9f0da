import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { createTestClient, readForm, type TestAnswer, type TestClient } from '../client-for-tests';
import { startLab, type Lab, type LabOptions } from '../start-lab';
import { adfsGenerations, type AdfsGeneration } from './generation';
import { totpCode, totpStep } from './totp';

const withLab = async (options: LabOptions, body: (lab: Lab, newClient: () => TestClient) => Promise<void>): Promise<void> => {
  const lab = await startLab(options);
  try {
    await body(lab, () => createTestClient(lab, readFileSync(lab.ca, 'utf8')));
  } finally {
    await lab.close();
  }
};

/** What each generation writes and the others do not (field guide section 7.1). */
const marks: Readonly<Record<AdfsGeneration, { readonly has: readonly RegExp[]; readonly hasNot: readonly RegExp[] }>> = {
  '2.0': {
    has: [
      /id="ctl00_ContentPlaceHolder1_UsernameTextBox" name="ctl00\$ContentPlaceHolder1\$UsernameTextBox"/,
      /name="__VIEWSTATE"/,
      /name="__db" id="__db" value="15"/,
    ],
    hasNot: [/userNameInput/, /X-UA-Compatible/],
  },
  '2.1': {
    has: [
      /id="ContentPlaceHolder1_PasswordTextBox" name="ctl00\$ContentPlaceHolder1\$PasswordTextBox"/,
      /id="ContentPlaceHolder1_SubmitButton"[^>]* type="submit" value="Sign In"/,
    ],
    hasNot: [/id="ctl00_/, /userNameInput/],
  },
  '3.0': {
    has: [
      /IE=10\.000/,
      /<label id="errorText" for="">/,
      /<div id="footer">/,
      /169; 2013 Microsoft/,
      /<span id="submitButton" class="submit" tabindex/,
      /Sign in with your organizational account/,
    ],
    hasNot: [/userNameInputLabel/, /id="submitButton"[^>]*role=/],
  },
  '2016': {
    has: [/IE=edge/, /<span id="errorText" for="">/, /169; 2016 Microsoft/, /id="userNameInputLabel"/, /id="submitButton"[^>]* role="button"/],
    hasNot: [/<main/, /userNameInputOptionsHolder/],
  },
  '2019': {
    has: [
      /<main /,
      /<footer id="footer">/,
      /169; 2018 Microsoft/,
      /id="errorText" for="" aria-live="assertive" role="alert"/,
      /id="userNameInputOptionsHolder"/,
    ],
    hasNot: [/organizational account/],
  },
  '2022': { has: [/<main /, /<footer id="footer">/, /role="alert"/], hasNot: [/organizational account/] },
};
const isWebForms = (generation: AdfsGeneration): boolean => generation.startsWith('2.');

const post = async (client: TestClient, page: TestAnswer, fields: Readonly<Record<string, string>>): Promise<TestAnswer> => {
  const form = readForm(page.text);
  return client.post(new URL(form.action, page.url).href, { ...form.fields, ...fields });
};

for (const generation of adfsGenerations)
  test(`AD FS ${generation}: its form, its addresses, its headers; a wrong password, a right one, an error`, async () => {
    await withLab({ generation }, async (lab, newClient) => {
      const client = newClient();
      const form = await client.follow(lab.urls.ifd);
      const web = isWebForms(generation);
      expect(form.text).toContain(web ? '\tSign In' : '<title>Sign In</title>');
      for (const mark of marks[generation].has) expect(form.text, generation).toMatch(mark);
      for (const mark of marks[generation].hasNot) expect(form.text, generation).not.toMatch(mark);
      expect(new URL(form.url).pathname).toBe(web ? '/adfs/ls/FormsSignIn.aspx' : '/adfs/ls/');
      expect(form.headers.server).toBe(generation === '2.0' ? 'Microsoft-IIS/7.5' : generation === '2.1' ? 'Microsoft-IIS/8.0' : 'Microsoft-HTTPAPI/2.0');
      expect(readForm(form.text).action.includes('client-request-id=')).toBe(!web);

      const names = web ? ['ctl00$ContentPlaceHolder1$UsernameTextBox', 'ctl00$ContentPlaceHolder1$PasswordTextBox'] : ['UserName', 'Password'];
      const wrong = await post(client, form, { [names[0]!]: lab.credentials.user, [names[1]!]: 'no', ...(web ? {} : { AuthMethod: 'FormsAuthentication' }) });
      expect(wrong.status).toBe(200);
      expect(wrong.text).toMatch(web ? /ErrorTextLabel"[^>]*>The user name or password is incorrect\./ : /id="errorText"[^>]*>Incorrect user ID or password\./);
      expect(wrong.text).toContain(`value="${lab.credentials.user}"`);

      const signedIn = await newClient().signIn(lab.urls.ifd);
      expect(signedIn.headers['set-cookie']?.some((line) => line.startsWith('MSISAuth='))).toBe(true);

      const windows = await newClient().follow(lab.urls.internal);
      expect(windows.status).toBe(401);
      expect(new URL(windows.url).pathname).toBe(web ? '/adfs/ls/auth/integrated/' : '/adfs/ls/wia');

      const error = await newClient().get(`${lab.urls.sts}/adfs/ls/?wa=wsignin1.0&wtrealm=https%3a%2f%2funknown.contoso.test%2f`);
      const entry = lab.adfs.log.at(-1)!;
      expect(error.text).toContain(`${web ? 'Reference number' : 'Activity ID'}: ${entry.activityId}`);
    });
  });

test('a paginated farm makes two steps of the one form, a customised one has its own script, and AD FS 2.x has neither', async () => {
  await withLab(
    { generation: '2019', paginated: true, customisedPages: true, language: 'de', keepSignedIn: true, otherMethods: true, prefilledUser: 'probe@contoso.test' },
    async (lab, newClient) => {
      const client = newClient();
      const form = await client.follow(lab.urls.ifd);
      for (const mark of [
        /'nextButton'/,
        /'identityBanner'/,
        /<html lang="de-DE">/,
        /<title>Anmelden<\/title>/,
        /id="kmsiArea" style=""/,
        /id="CertificateAuthentication"/,
        /value="probe@contoso\.test"/,
      ])
        expect(form.text).toMatch(mark);
      const script = /src="([^"]*onload\.js[^"]*)"/.exec(form.text)?.[1];
      expect((await client.get(new URL(script!, form.url).href)).text).toContain("by('submitButton')");
      const kept = await post(client, form, { UserName: lab.credentials.user, Password: lab.credentials.password, AuthMethod: 'FormsAuthentication' });
      expect(kept.headers['set-cookie']?.[0]).toMatch(/^MSISAuth=[^;]+; expires=/);
      expect(lab.adfs.counters.keptSignIns).toBe(1);
    },
  );
  await expect(startLab({ generation: '2.1', paginated: true })).rejects.toThrow('AD FS 2.1 has no paginated sign-in');
  await expect(startLab({ generation: '2.0', totp: true })).rejects.toThrow('AD FS 2.0 has no additional authentication');
});

for (const generation of ['2.0', '2022'] as const)
  test(`AD FS ${generation}: home realm discovery leads on with Active Directory`, async () => {
    await withLab({ generation, hrd: true }, async (lab, newClient) => {
      const client = newClient();
      const page = await client.follow(lab.urls.ifd);
      const web = isWebForms(generation);
      expect(page.text).toMatch(
        web
          ? /<select id="ctl00_ContentPlaceHolder1_PassiveIdentityProvidersDropDownList"/
          : /<div class="idp"[^>]* role="button" aria-label="Fabrikam" onclick="HRD\.selection/,
      );
      const chosen = await post(client, page, {
        [web ? 'ctl00$ContentPlaceHolder1$PassiveIdentityProvidersDropDownList' : 'HomeRealmSelection']: 'AD AUTHORITY',
      });
      expect((await client.follow(chosen.location ?? '')).text).toContain('type="password"');
    });
  });

test('a one-time code is asked for after the password; only the right one goes on', async () => {
  await withLab({ generation: '2016', totp: true }, async (lab, newClient) => {
    const client = newClient();
    const secret = readFileSync(`${lab.folder}/totp`, 'utf8');
    const form = await client.follow(lab.urls.ifd);
    const signedIn = await post(client, form, { UserName: lab.credentials.user, Password: lab.credentials.password, AuthMethod: 'FormsAuthentication' });
    const page = await client.follow(signedIn.location ?? '');
    expect(page.text).toContain('id="verificationCodeInput" name="VerificationCode"');
    const refused = await post(client, page, { VerificationCode: '000000' });
    expect(refused.text).toContain('Authentication attempt failed.');
    const accepted = await post(client, refused, { VerificationCode: totpCode(secret, totpStep(new Date())) });
    expect((await client.follow(accepted.location ?? '')).text).toContain('name="hiddenform"');
    expect(lab.adfs.counters.codeRefusals).toBe(1);
  });
});
