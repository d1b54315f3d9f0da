import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A port of loopback that was free a moment ago, for a server whose own address has to be known before it listens. */
export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
