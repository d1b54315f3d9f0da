import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { createTestClient } from '../client-for-tests';
import { startLab } from '../start-lab';
import type { CrmVersion } from './versions';

const expected: readonly {
  readonly version: CrmVersion;
  readonly title: string;
  readonly hook: RegExp;
  readonly api: readonly string[];
  readonly organizationData: boolean;
  readonly crmorgid: boolean;
}[] = [
  { version: '2011', title: 'Microsoft Dynamics CRM', hook: /^(?!.*id=")/s, api: [], organizationData: true, crmorgid: false },
  { version: '2016', title: 'Microsoft Dynamics CRM', hook: /id="crmTopBar"/, api: ['8.0', '8.1'], organizationData: true, crmorgid: false },
  { version: '9', title: 'Microsoft Dynamics 365', hook: /id="crmTopBar"/, api: ['8.0', '8.2', '9.0', '9.1'], organizationData: false, crmorgid: true },
];

for (const { version, title, hook, api, organizationData, crmorgid } of expected)
  test(`CRM ${version}: its shell, its WhoAmI, its redirect`, async () => {
    const lab = await startLab({ crmVersion: version });
    try {
      const client = createTestClient(lab, readFileSync(lab.ca, 'utf8'));
      const redirect = await client.get(lab.urls.internal);
      expect(new URL(redirect.location!).searchParams.get('wctx')?.includes('&crmorgid=')).toBe(crmorgid);
      await client.signIn(lab.urls.internal);
      const shell = await client.get(lab.urls.internal);
      expect(shell.text).toMatch(new RegExp(`<title>[^<]* - ${title}</title>`));
      expect(shell.text).toMatch(hook);
      const { internal } = lab.crm.addresses;
      for (const each of ['8.0', '8.2', '9.0', '9.1'])
        expect((await client.get(`${internal}Contoso/api/data/v${each}/WhoAmI`)).status, each).toBe(api.includes(each) ? 200 : 404);
      expect((await client.get(`${internal}api/data/v8.0/WhoAmI`)).status, 'without the organization').toBe(404);
      const { systemUserId, email } = lab.crm.users[0]!;
      const user = await client.get(`${internal}Contoso/XRMServices/2011/OrganizationData.svc/SystemUserSet(guid'${systemUserId}')`);
      expect(user.status).toBe(organizationData ? 200 : 404);
      if (organizationData) expect((JSON.parse(user.text) as { d: { InternalEMailAddress: string } }).d.InternalEMailAddress).toBe(email);
    } finally {
      await lab.close();
    }
  });
