import { httpSysPage, send } from '../adfs/http-sys';
import type { Fault } from '../lab-types';
import { leaveSecondAddress, secondAddress, takeSecondAddress } from '../second-address';
import { startHttpsHost } from '../tls/https-host';

export const fault: Fault = {
  id: 'proxy-clock-skew',
  what:
    'A Web Application Proxy in front of AD FS is twenty minutes behind: AD FS takes its trust certificate no more, and it answers 503, ' +
    'with its own time in the Date header. AD FS itself, behind it, is well.',
  apply: (lab) =>
    takeSecondAddress(lab, async () => {
      const proxy = await startHttpsHost({
        address: secondAddress,
        port: lab.adfs.port,
        certificateFor: () => lab.stsCertificate,
        handler: (_request, response) => send(response, new Date(lab.adfs.clock.now().getTime() - 20 * 60_000), httpSysPage(503)),
      });
      return { obstacle: 'the proxy in front of AD FS answers 503, twenty minutes behind', close: () => proxy.close() };
    }),
  clear: leaveSecondAddress,
};
