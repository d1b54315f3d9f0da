import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect, createServer } from 'node:tls';
import type { ServerCertificate } from './https-host';

export interface BridgingDeviceOptions {
  readonly address: string;
  readonly port: number;
  /** What the device shows to clients. */
  readonly certificate: ServerCertificate;
  /** The server behind it. */
  readonly server: { readonly address: string; readonly port: number; readonly host: string; readonly caPem: string };
}

/** A device that ends the clients' TLS and makes a connection of its own to the server: the bytes inside pass unchanged, the channel is another one. */
export async function startBridgingDevice({ address, port, certificate, server }: BridgingDeviceOptions): Promise<{ close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const device = createServer({ cert: certificate.chainPem, key: certificate.keyPem, ALPNProtocols: ['http/1.1'] }, (client) => {
    const upstream = connect({ host: server.address, port: server.port, servername: server.host, ca: server.caPem, ALPNProtocols: ['http/1.1'] });
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    client.on('error', end).on('close', end);
    upstream.on('error', end).on('close', end);
    client.pipe(upstream).pipe(client);
  });
  device.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  device.on('tlsClientError', () => undefined);
  device.listen(port, address);
  await once(device, 'listening');
  return {
    async close() {
      const closed = once(device, 'close');
      device.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
