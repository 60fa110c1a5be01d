import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const TYPE_A = 1;
const TYPE_AAAA = 28;

/** What the server does with a question: gives addresses (as bytes) with a time to live, an error code, or nothing. */
export type NameAnswer = { a?: number[][]; aaaa?: number[][]; ttlS?: number } | { rcode: number } | 'silence';

/** A DNS server on 127.0.0.1 that answers as told, so that no test asks the real name system. */
export async function startNameServer(answerTo: (name: string, family: 4 | 6) => NameAnswer) {
  const socket = createSocket('udp4');
  const questions: string[] = [];
  socket.on('message', (query, peer) => {
    const { name, type, end } = readQuestion(query);
    questions.push(name);
    const answer = answerTo(name, type === TYPE_AAAA ? 6 : 4);
    if (answer !== 'silence') socket.send(response(query.subarray(0, end), type, answer), peer.port, peer.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    questions,
    async close() {
      socket.close();
      await once(socket, 'close');
    },
  };
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function response(question: Buffer, type: number, answer: Exclude<NameAnswer, 'silence'>): Buffer {
  const rcode = 'rcode' in answer ? answer.rcode : 0;
  const records = 'rcode' in answer ? [] : ((type === TYPE_A ? answer.a : type === TYPE_AAAA ? answer.aaaa : []) ?? []);
  const head = Buffer.from(question);
  head.writeUInt16BE(0x8180 | rcode, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(records.length, 6);
  head.writeUInt32BE(0, 8);
  const ttlS = 'ttlS' in answer ? (answer.ttlS ?? 60) : 60;
  return Buffer.concat([head, ...records.map((bytes) => record(type, ttlS, bytes))]);
}

function record(type: number, ttlS: number, bytes: number[]): Buffer {
  const fixed = Buffer.alloc(12);
  fixed.writeUInt16BE(0xc00c, 0); // the name of the question
  fixed.writeUInt16BE(type, 2);
  fixed.writeUInt16BE(1, 4);
  fixed.writeUInt32BE(ttlS, 6);
  fixed.writeUInt16BE(bytes.length, 10);
  return Buffer.concat([fixed, Buffer.from(bytes)]);
}
