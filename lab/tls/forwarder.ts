import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Another address of the same machine: connections to it are those to the server, byte for byte. */
export async function startForwarder(address: string, port: number, serverAddress: string): Promise<{ close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const onward = connect(port, serverAddress);
    for (const socket of [client, onward]) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      socket.on('error', () => undefined);
    }
    client.once('close', () => onward.destroy());
    onward.once('close', () => client.destroy());
    client.pipe(onward).pipe(client);
  });
  server.listen(port, address);
  await once(server, 'listening');
  return {
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
