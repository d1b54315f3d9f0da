import { httpSysPage, send } from '../adfs/http-sys';
import type { Fault } from '../lab-types';
import { leaveSecondAddress, secondAddress, takeSecondAddress } from '../second-address';
import { startHttpsHost } from '../tls/https-host';

export const fault: Fault = {
  id: 'wap-proxy-trust-broken',
  what:
    'A Web Application Proxy in front of AD FS lost its trust and answers 503 to everything; AD FS itself, behind it, is well. ' +
    'DNS gives both addresses, the proxy first.',
  apply: (lab) =>
    takeSecondAddress(lab, async () => {
      const proxy = await startHttpsHost({
        address: secondAddress,
        port: lab.adfs.port,
        certificateFor: () => lab.stsCertificate,
        handler: (_request, response) => send(response, lab.adfs.clock.now(), httpSysPage(503)),
      });
      return { obstacle: 'the proxy in front of AD FS answers 503', close: () => proxy.close() };
    }),
  clear: leaveSecondAddress,
};
