import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';

/*
 * The least that can be done about a write over HTTP/1.1: the head's length is read, the body is not looked at, and
 * 204 is the answer. It takes bodies with a Content-Length, one request at a time a connection. A line of its input
 * asks how many writes there were; it goes with the process that started it.
 */

const answer = Buffer.from('HTTP/1.1 204 No Content\r\nX-Influxdb-Version: 1.8-responder\r\n\r\n', 'latin1');
const empty = Buffer.from(
  'HTTP/1.1 200 OK\r\nX-Influxdb-Version: 1.8-responder\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n{"results":[]}',
  'latin1',
);
let writes = 0;

const server = createServer({ noDelay: true }, (socket) => {
  let head = '';
  let left = 0;
  let reply = answer;
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes: Buffer) => {
    let at = 0;
    while (at < bytes.length) {
      if (left === 0) {
        const before = head.length;
        head += bytes.toString('latin1', at);
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        at += end + 4 - before;
        left = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
        const isWrite = head.startsWith('POST /write');
        if (isWrite) writes++;
        reply = isWrite ? answer : empty;
        head = '';
      } else {
        const taken = Math.min(left, bytes.length - at);
        left -= taken;
        at += taken;
      }
      if (left === 0) socket.write(reply);
    }
  });
});
server.listen(0, '127.0.0.1', () => {
  const tell = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
  tell(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  createInterface({ input: process.stdin })
    .on('line', () => tell(writes))
    .on('close', () => process.exit());
});
