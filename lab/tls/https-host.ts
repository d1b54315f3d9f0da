import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { constants } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';

/** What a server presents: its certificate, its key, and the chain it sends (leaf first, without the root). */
export interface ServerCertificate {
  readonly certPem: string;
  readonly keyPem: string;
  readonly chainPem: string;
}

export interface HttpsHostOptions {
  /** A plain listener or an express application. */
  readonly handler: RequestListener;
  /** Asked at each handshake; null when the client sent no server name. */
  readonly certificateFor: (servername: string | null) => ServerCertificate;
  /** A free one unless given. */
  readonly port?: number | undefined;
  /** 127.0.0.1 unless given. */
  readonly address?: string | undefined;
}

export interface HttpsHost {
  readonly port: number;
  /** Presents another certificate for this name from the next connection on; idle connections are dropped. */
  setCertificate(servername: string, certificate: ServerCertificate): void;
  /** TLS 1.0 and 1.1 only, from the next connection on, or again what is usual today. */
  setOldProtocolsOnly(oldOnly: boolean): void;
  /** Ends every connection. The host goes on listening. */
  dropConnections(): void;
  /** Stops listening and ends every connection. */
  close(): Promise<void>;
}

const contextOf = (certificate: ServerCertificate): SecureContext =>
  // Without tickets no client resumes a session and so goes on seeing a certificate that has been replaced.
  createSecureContext({ cert: certificate.chainPem, key: certificate.keyPem, secureOptions: constants.SSL_OP_NO_TICKET });

/**
 * An HTTPS server on loopback that chooses its certificate by server name. HTTP/1.1 only: NTLM belongs to the connection, and
 * `request.socket` is that connection.
 */
export async function startHttpsHost({ handler, certificateFor, port = 0, address = '127.0.0.1' }: HttpsHostOptions): Promise<HttpsHost> {
  const replaced = new Map<string, ServerCertificate>();
  const sockets = new Set<Socket>();
  const choose = (servername: string | null): ServerCertificate => (servername ? replaced.get(servername) : undefined) ?? certificateFor(servername);
  const initial = choose(null);
  const server = createServer(
    {
      cert: initial.chainPem,
      key: initial.keyPem,
      ALPNProtocols: ['http/1.1'],
      // Node's own limit is that of HTTP.sys; the lab's servers draw it themselves, with HTTP.sys's answer (headersTooLong).
      maxHeaderSize: 65_536,
      secureOptions: constants.SSL_OP_NO_TICKET,
      SNICallback: (servername, done) => {
        try {
          done(null, contextOf(choose(servername)));
        } catch (error) {
          done(error as Error);
        }
      },
    },
    handler,
  );
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  // A browser that goes away in mid-handshake is no event of interest.
  server.on('tlsClientError', () => undefined);
  server.on('clientError', (_error, socket) => socket.destroy());
  server.listen(port, address);
  await once(server, 'listening');

  const dropConnections = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    setCertificate(servername, certificate) {
      replaced.set(servername, certificate);
      server.closeIdleConnections();
    },
    setOldProtocolsOnly(oldOnly) {
      // These versions need the weak signatures that security level 1 and up refuse.
      const versions = oldOnly ? ({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const) : {};
      const { chainPem, keyPem } = choose(null);
      server.setSecureContext({ cert: chainPem, key: keyPem, secureOptions: constants.SSL_OP_NO_TICKET, ...versions });
      dropConnections();
    },
    dropConnections,
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      dropConnections();
      await closed;
    },
  };
}
