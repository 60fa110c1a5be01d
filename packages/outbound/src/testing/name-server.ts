import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import ipaddr from 'ipaddr.js';

const TYPE_A = 1;
const TYPE_AAAA = 28;

/** The response codes that tests ask for (RFC 1035, 4.1.1). */
export const SERVFAIL = 2;
export const NXDOMAIN = 3;

/** What the server does with a question. */
export type NameAnswer =
  | {
      /** Addresses of one family each, in their usual spelling. */
      a?: readonly string[];
      aaaa?: readonly string[];
      /** Default 60. */
      ttlS?: number;
      /** Says that the answer did not fit (TC), so that the client asks over TCP, where nobody listens. */
      truncated?: boolean;
      delayMs?: number;
    }
  | { rcode: number; delayMs?: number }
  | 'silence';

/** A name system of a test's own. */
export interface NameServer {
  /** As `DNS_SERVERS` takes it: `127.0.0.1:<port>`. */
  readonly address: string;
  /** Every name that was asked for, in the order of arrival; each look-up asks for A and for AAAA. */
  readonly questions: readonly string[];
  close(): Promise<void>;
}

/** A DNS server over UDP on 127.0.0.1 that answers as told, so that no test asks the real name system. */
export async function startNameServer(answerTo: (name: string, family: 4 | 6) => NameAnswer): Promise<NameServer> {
  const socket = createSocket('udp4');
  const questions: string[] = [];
  const late = new Set<NodeJS.Timeout>();
  socket.on('message', (query, peer) => {
    const { name, type, end } = readQuestion(query);
    questions.push(name);
    const answer = answerTo(name, type === TYPE_AAAA ? 6 : 4);
    if (answer === 'silence') return;
    const send = () => socket.send(response(query.subarray(0, end), type, answer), peer.port, peer.address);
    if (answer.delayMs === undefined) return send();
    const timer = setTimeout(() => {
      late.delete(timer);
      send();
    }, answer.delayMs);
    late.add(timer);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    questions,
    async close() {
      for (const timer of late) clearTimeout(timer);
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
  const truncated = 'truncated' in answer && answer.truncated === true;
  const addresses = 'rcode' in answer || truncated ? [] : ((type === TYPE_A ? answer.a : answer.aaaa) ?? []);
  const records = type === TYPE_A || type === TYPE_AAAA ? addresses : [];
  const head = Buffer.from(question);
  head.writeUInt16BE(0x8180 | (truncated ? 0x0200 : 0) | rcode, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(records.length, 6);
  head.writeUInt32BE(0, 8);
  const ttlS = 'ttlS' in answer ? (answer.ttlS ?? 60) : 60;
  return Buffer.concat([head, ...records.map((address) => record(type, ttlS, address))]);
}

function record(type: number, ttlS: number, address: string): Buffer {
  const bytes = ipaddr.parse(address).toByteArray();
  const fixed = Buffer.alloc(12);
  fixed.writeUInt16BE(0xc00c, 0); // the name of the question
  fixed.writeUInt16BE(type, 2);
  fixed.writeUInt16BE(1, 4);
  fixed.writeUInt32BE(ttlS, 6);
  fixed.writeUInt16BE(bytes.length, 10);
  return Buffer.concat([fixed, Buffer.from(bytes)]);
}
