// Row 55, loaded into a service before anything else (`--import`): writes down every way to the outside that it opens, and who
// opened it. It hangs on what everything in Node ends in: `net`, `tls`, `http`, `http2`, `fetch` and undici all open their
// connections by `Socket.connect`.
import { ChildProcess } from 'node:child_process';
import { Socket as Datagrams } from 'node:dgram';
import { appendFileSync } from 'node:fs';
import { Socket } from 'node:net';

/** One line of the file that `FAULTS_SOCKETS` names. */
export interface WrittenSocket {
  service: string;
  kind: 'connection' | 'datagram' | 'process';
  /** `host:port` or a path. */
  to: string;
  /** The files of the stack, innermost first. */
  by: string[];
}

const file = process.env.FAULTS_SOCKETS;
const service = process.env.FAULTS_SERVICE ?? '';

function write(kind: WrittenSocket['kind'], to: string): void {
  if (file === undefined) return;
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 50;
  const stack = new Error().stack ?? '';
  Error.stackTraceLimit = stackTraceLimit;
  const files = [...stack.matchAll(/\(?(?:file:\/\/)?(\/[^):\s]+|node:[^):\s]+):\d+:\d+\)?/g)].map(
    ([, path = '']) => path,
  );
  const line: WrittenSocket = {
    service,
    kind,
    to,
    by: [...new Set(files)].filter((path) => path !== import.meta.filename),
  };
  appendFileSync(file, `${JSON.stringify(line)}\n`);
}

/** `connect` takes a port and a host, a path, or options, and Node itself gives it an array of those. */
function placeOf(first: unknown, second: unknown): string {
  if (Array.isArray(first)) return placeOf(first[0], first[1]);
  if (typeof first === 'object' && first !== null) {
    const { host, port, path } = first as { host?: unknown; port?: unknown; path?: unknown };
    return typeof path === 'string' ? path : `${host}:${port}`;
  }
  return typeof second === 'string' ? `${second}:${first}` : `${first}`;
}

function watch<Name extends string>(owner: Record<Name, unknown>, name: Name, see: (args: unknown[]) => void): void {
  const inner = owner[name];
  if (typeof inner !== 'function') throw new Error(`there is no ${name} to watch`);
  owner[name] = function watched(this: unknown, ...args: unknown[]) {
    see(args);
    return Reflect.apply(inner, this, args);
  };
}

watch(Socket.prototype, 'connect', ([first, second]) => write('connection', placeOf(first, second)));
watch(Datagrams.prototype, 'connect', ([port, host]) => write('datagram', `${host}:${port}`));
watch(Datagrams.prototype, 'send', () => write('datagram', 'somewhere'));
watch(ChildProcess.prototype as unknown as Record<'spawn', unknown>, 'spawn', () => write('process', 'a process'));
