import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import ipaddr from 'ipaddr.js';

const TYPE_A = 1;
const TYPE_CNAME = 5;
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
      /** Says over UDP that the answer did not fit (TC), so that the client asks over TCP. */
      truncated?: boolean;
      /** The name is an alias (CNAME) of this one, and that has the addresses. */
      alias?: string;
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
  /** How many connections came to ask over TCP. */
  tcpConnections(): number;
  close(): Promise<void>;
}

/**
 * A DNS server over UDP on 127.0.0.1 that answers as told, so that no test asks the real name system. With `overTcp` it
 * also gives whole answers there; otherwise nobody listens.
 */
export async function startNameServer(
  answerTo: (name: string, family: 4 | 6) => NameAnswer,
  { overTcp = false }: { overTcp?: boolean } = {},
): Promise<NameServer> {
  const socket = createSocket('udp4');
  const questions: string[] = [];
  const late = new Set<NodeJS.Timeout>();
  socket.on('message', (query, peer) => {
    const { name, type, end } = readQuestion(query);
    questions.push(name);
    const answer = answerTo(name, type === TYPE_AAAA ? 6 : 4);
    if (answer === 'silence') return;
    const send = () => socket.send(response(query.subarray(0, end), type, answer, 'udp'), peer.port, peer.address);
    if (answer.delayMs === undefined) return send();
    const timer = setTimeout(() => {
      late.delete(timer);
      send();
    }, answer.delayMs);
    late.add(timer);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const tcp = overTcp ? await answerOverTcp(answerTo, socket.address().port) : undefined;
  return {
    address: `127.0.0.1:${socket.address().port}`,
    questions,
    tcpConnections: () => tcp?.connections() ?? 0,
    async close() {
      for (const timer of late) clearTimeout(timer);
      socket.close();
      await Promise.all([once(socket, 'close'), tcp?.close()]);
    },
  };
}

/** Over TCP every message follows two bytes with its length (RFC 1035, 4.2.2). Questions are short and arrive whole. */
async function answerOverTcp(answerTo: (name: string, family: 4 | 6) => NameAnswer, port: number) {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    socket.on('data', (data) => {
      const query = data.subarray(2);
      const { name, type, end } = readQuestion(query);
      const answer = answerTo(name, type === TYPE_AAAA ? 6 : 4);
      if (answer === 'silence') return;
      const message = response(query.subarray(0, end), type, answer, 'tcp');
      socket.write(Buffer.concat([Buffer.from([message.length >> 8, message.length & 0xff]), message]));
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    connections: () => connections,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
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

function response(
  question: Buffer,
  type: number,
  answer: Exclude<NameAnswer, 'silence'>,
  transport: 'udp' | 'tcp',
): Buffer {
  const { rcode, addresses, ttlS, truncated, alias } = { ...NOTHING, ...readAnswer(answer, type) };
  const cut = truncated && transport === 'udp';
  const owner = alias === undefined ? NAME_OF_QUESTION : nameBytes(alias);
  const records = addresses.map((address) =>
    record(owner, type, ttlS, Buffer.from(ipaddr.parse(address).toByteArray())),
  );
  if (alias !== undefined) records.unshift(record(NAME_OF_QUESTION, TYPE_CNAME, ttlS, nameBytes(alias)));
  const head = Buffer.from(question);
  head.writeUInt16BE(0x8180 | (cut ? 0x0200 : 0) | rcode, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(cut ? 0 : records.length, 6);
  head.writeUInt32BE(0, 8);
  return Buffer.concat(cut ? [head] : [head, ...records]);
}

const NOTHING = { rcode: 0, addresses: [], ttlS: 60, truncated: false, alias: undefined };

function readAnswer(answer: Exclude<NameAnswer, 'silence'>, type: number) {
  if ('rcode' in answer) return { rcode: answer.rcode };
  const { a, aaaa, ...rest } = answer;
  return { ...rest, addresses: (type === TYPE_A ? a : type === TYPE_AAAA ? aaaa : []) ?? [] };
}

const NAME_OF_QUESTION = Buffer.from([0xc0, 0x0c]);

function nameBytes(name: string): Buffer {
  const labels = name.split('.').map((label) => Buffer.from([label.length, ...Buffer.from(label, 'latin1')]));
  return Buffer.concat([...labels, Buffer.from([0])]);
}

function record(owner: Buffer, type: number, ttlS: number, data: Buffer): Buffer {
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(type, 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt32BE(ttlS, 4);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([owner, fixed, data]);
}
