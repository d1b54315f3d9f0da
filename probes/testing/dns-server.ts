import { createSocket } from 'node:dgram';
import { decode, encode } from 'dns-packet';

const recursionAvailable = 0x0080;

/** A DNS server that knows A records of some names and says NXDOMAIN (or the given code) to the rest. */
export async function dnsServer(records: Readonly<Record<string, string>>, otherwise = 3): Promise<{ address: string; asked: string[]; close: () => void }> {
  const asked: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (message, from) => {
    const { id, flags = 0, questions = [] } = decode(message);
    const { name = '', type = 'A' } = questions[0] ?? {};
    asked.push(`${name} ${type}`);
    const address = records[name];
    const answer = encode({
      type: 'response',
      id,
      flags: flags | recursionAvailable | (address ? 0 : otherwise),
      questions,
      answers: address && type === 'A' ? [{ type, name, ttl: 9, data: address }] : [],
    });
    socket.send(answer, from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { address: `127.0.0.1:${socket.address().port}`, asked, close: () => socket.close() };
}
