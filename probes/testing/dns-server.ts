import { createSocket } from 'node:dgram';

/** A DNS server that knows A records of some names and says NXDOMAIN (or the given code) to the rest. */
export async function dnsServer(records: Readonly<Record<string, string>>, otherwise = 3): Promise<{ address: string; asked: string[]; close: () => void }> {
  const asked: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    let at = 12;
    const labels: string[] = [];
    for (let length = query[at]!; length > 0; length = query[(at += length + 1)]!) labels.push(query.subarray(at + 1, at + 1 + length).toString());
    const name = labels.join('.');
    const type = query.readUInt16BE(at + 1);
    asked.push(`${name} ${type === 1 ? 'A' : 'AAAA'}`);
    const address = records[name];
    const answers = address && type === 1 ? 1 : 0;
    const head = Buffer.from(query.subarray(0, 12));
    head.writeUInt16BE(0x8180 | (address ? 0 : otherwise), 2);
    head.writeUInt16BE(answers, 6);
    head.writeUInt32BE(0, 8);
    const answer = answers ? Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, ...address!.split('.').map(Number)]) : Buffer.alloc(0);
    socket.send(Buffer.concat([head, query.subarray(12, at + 5), answer]), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { address: `127.0.0.1:${socket.address().port}`, asked, close: () => socket.close() };
}
