import type { Fault } from '../lab-types';
import { firstAddress, leaveSecondAddress, secondAddress, takeSecondAddress } from '../second-address';
import { startBridgingDevice } from '../tls/bridging-device';

export const fault: Fault = {
  id: 'wia-extended-protection-tls-interception',
  what:
    'A device in front of AD FS ends TLS with a certificate of its own, from an inspection CA the clients trust. ' +
    'Windows sign-in is bound to the TLS channel of the client, which is not that of AD FS, and is refused.',
  async apply(lab) {
    const { adfs, authority, healthy, dns } = lab;
    const certificate = await authority.issueBySubordinate('TLS Inspection CA', { hosts: [healthy.stsHost] });
    await takeSecondAddress(lab, async () => {
      const server = { address: firstAddress, port: adfs.port, host: adfs.host, caPem: authority.certificatePem };
      const device = await startBridgingDevice({ address: secondAddress, port: adfs.port, certificate, server });
      return { obstacle: 'a device in front of AD FS re-encrypts TLS, which breaks channel binding', close: device.close };
    });
    dns.zone.set(healthy.stsHost, secondAddress);
  },
  clear: leaveSecondAddress,
};
