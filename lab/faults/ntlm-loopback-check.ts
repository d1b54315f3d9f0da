import type { Fault } from '../lab-types';
import { firstAddress, leaveSecondAddress, secondAddress, takeSecondAddress } from '../second-address';
import { startForwarder } from '../tls/forwarder';

export const fault: Fault = {
  id: 'ntlm-loopback-check',
  what:
    "The federation name leads to another address than before, and it is one of the client's own machine: " +
    'client and AD FS are one computer, whose loopback check refuses NTLM under a name that is not its own.',
  async apply(lab) {
    const { adfs, dns, healthy } = lab;
    await takeSecondAddress(lab, async () => {
      const { close } = await startForwarder(secondAddress, adfs.port, firstAddress);
      return { obstacle: "AD FS's loopback check refuses Windows sign-in from its own machine", close };
    });
    dns.zone.set(healthy.stsHost, secondAddress);
    adfs.settings.loopbackCheck = true;
  },
  async clear(lab) {
    lab.adfs.settings.loopbackCheck = false;
    await leaveSecondAddress(lab);
  },
};
