import { startAdfs } from '../adfs/adfs';
import type { Fault } from '../lab-types';
import { leaveSecondAddress, secondAddress, takeSecondAddress } from '../second-address';

export const fault: Fault = {
  id: 'adfs-farm-nodes-inconsistent',
  what: 'A second AD FS node under the same name is not synchronised: it signs with another certificate. DNS gives both addresses, its own first.',
  apply: (lab) =>
    takeSecondAddress(lab, async () => {
      const { adfs, account, authority, dns, stsCertificate } = lab;
      const node = await startAdfs({
        host: adfs.host,
        address: secondAddress,
        port: adfs.port,
        serverCertificate: stsCertificate,
        clock: adfs.clock,
        accounts: [account],
        generation: adfs.generation,
        trustedCaPem: authority.certificatePem,
        lookup: dns.lookup,
        displayName: 'Contoso',
      });
      node.relyingParties.push(...adfs.relyingParties);
      return { obstacle: 'a second AD FS node signs with a certificate that CRM does not know', close: () => node.close() };
    }),
  clear: leaveSecondAddress,
};
