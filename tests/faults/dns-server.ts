import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, isIPv4, isIPv6, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const TYPE_A = 1;
const TYPE_CNAME = 5;
const TYPE_AAAA = 28;
const TRUNCATED = 0x0200;

/** Response codes of RFC 1035. */
export const RCODE = { formErr: 1, servFail: 2, nxDomain: 3, notImp: 4, refused: 5 } as const;

export interface DnsQuestion {
  /** In lower case, without the last dot. */
  name: string;
  /** 4 for A, 6 for AAAA, null for anything else. */
  family: 4 | 6 | null;
  transport: 'udp' | 'tcp';
}

/** What the server does with a question. `{}` is the answer of a name that exists and has no address. */
export interface DnsAnswer {
  /** Of these the question's family is handed out. */
  addresses?: readonly string[];
  /** Default 60. */
  ttlS?: number;
  /** One of RCODE. */
  rcode?: number;
  delayMs?: number;
  /** Over UDP only the sign that the rest is to be had over TCP; over TCP the whole answer. */
  truncated?: boolean;
  /** The name is an alias of this one, which has the addresses. */
  alias?: string;
  /** No answer, ever. */
  silent?: boolean;
  /** Bytes to be sent as they are in place of an answer. */
  raw?: Buffer;
}

export interface DnsServer {
  /** As a resolver wants it: `127.0.0.1:5353`. */
  readonly address: string;
  /** In the order of arrival. */
  readonly questions: readonly DnsQuestion[];
  /** TCP connections accepted, which truncated answers bring about. */
  tcpConnections(): number;
  close(): Promise<void>;
}

/** An authoritative name server for the whole world, over UDP and TCP, that answers each question as it is told. */
export async function startDnsServer(
  answerTo: (question: DnsQuestion) => DnsAnswer,
  { address = '127.0.0.1', port = 0 }: { address?: string; port?: number } = {},
): Promise<DnsServer> {
  const questions: DnsQuestion[] = [];
  const sockets = new Set<Socket>();
  let tcpConnections = 0;

  async function answer(query: Buffer, transport: DnsQuestion['transport']): Promise<Buffer | null> {
    const { name, type, end } = readQuestion(query);
    const question: DnsQuestion = { name, family: type === TYPE_A ? 4 : type === TYPE_AAAA ? 6 : null, transport };
    questions.push(question);
    const told = answerTo(question);
    if (told.delayMs !== undefined) await pause(told.delayMs, undefined, { ref: false });
    if (told.silent === true) return null;
    return told.raw ?? response(query.subarray(0, end), question, told);
  }

  const udp = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  udp.on('message', (query, peer) => {
    void answer(query, 'udp').then((bytes) => bytes && sendUnlessClosed(bytes, peer.port, peer.address));
  });
  function sendUnlessClosed(bytes: Buffer, toPort: number, to: string): void {
    if (!closed) udp.send(bytes, toPort, to);
  }
  let closed = false;
  udp.bind(port, address);
  await once(udp, 'listening');

  const tcp = createServer((socket) => {
    tcpConnections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    socket.on('data', (data) => {
      // Questions are far shorter than a segment, so each arrives whole: two bytes of length, then the question.
      void answer(data.subarray(2), 'tcp').then((bytes) => {
        if (bytes) socket.write(Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]));
      });
    });
  });
  const bound = udp.address().port;
  tcp.listen(bound, address);
  await once(tcp, 'listening');

  return {
    address: isIPv6(address) ? `[${address}]:${bound}` : `${address}:${bound}`,
    questions,
    tcpConnections: () => tcpConnections,
    async close() {
      closed = true;
      udp.close();
      for (const socket of sockets) socket.destroy();
      tcp.close();
      await Promise.all([once(udp, 'close'), once(tcp, 'close')]);
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

function response(question: Buffer, asked: DnsQuestion, told: DnsAnswer): Buffer {
  const { addresses = [], ttlS = 60, rcode = 0, truncated = false, alias } = told;
  const cut = truncated && asked.transport === 'udp';
  const ofFamily = addresses.filter((address) => (asked.family === 4 ? isIPv4(address) : isIPv6(address)));
  const given = cut || asked.family === null ? [] : ofFamily;
  const owner = alias === undefined ? POINTER_TO_QUESTION : nameBytes(alias);
  const records = given.map((address) =>
    record(owner, asked.family === 4 ? TYPE_A : TYPE_AAAA, ttlS, bytesOf(address)),
  );
  if (alias !== undefined && !cut) records.unshift(record(POINTER_TO_QUESTION, TYPE_CNAME, ttlS, nameBytes(alias)));

  const head = Buffer.from(question);
  head.writeUInt16BE(0x8580 | (cut ? TRUNCATED : 0) | rcode, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(records.length, 6);
  head.writeUInt32BE(0, 8);
  return Buffer.concat([head, ...records]);
}

const POINTER_TO_QUESTION = Buffer.from([0xc0, 0x0c]);

function record(owner: Buffer, type: number, ttlS: number, data: Buffer): Buffer {
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(type, 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt32BE(ttlS, 4);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([owner, fixed, data]);
}

function nameBytes(name: string): Buffer {
  const labels = name.split('.').map((label) => Buffer.from([label.length, ...Buffer.from(label, 'latin1')]));
  return Buffer.concat([...labels, Buffer.from([0])]);
}

/** The 4 or 16 bytes of an address. */
function bytesOf(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  // The URL parser turns the dotted form at the end of an address into hexadecimal and drops leading zeros.
  const [left = '', right] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::');
  const words = (part: string) => (part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16)));
  const [head, tail] = [words(left), words(right ?? '')];
  const zeros = right === undefined ? [] : Array<number>(8 - head.length - tail.length).fill(0);
  return Buffer.from([...head, ...zeros, ...tail].flatMap((word) => [word >> 8, word & 0xff]));
}
