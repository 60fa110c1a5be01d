import type { Socket } from 'node:net';
import type { Behaviour } from '../hostile-receiver.ts';

/** Ways to answer a request that HTTP does not foresee, and some that it does. */

const PIECE_EVERY_MS = 200;

/** Never a byte. */
export const silence: Behaviour = () => undefined;

/** Exactly these bytes; the connection is left open. */
export function says(text: string | Buffer): Behaviour {
  return (socket) => void socket.write(text);
}

/** Exactly these bytes, then an orderly end. */
export function saysAndCloses(text: string | Buffer): Behaviour {
  return (socket) => void socket.end(text);
}

/** These bytes, then a reset once they had time to arrive: a reset throws away what was not read yet. */
export function saysAndResets(text: string): Behaviour {
  return (socket) => {
    if (text === '') return void socket.resetAndDestroy();
    socket.write(text, () => void setTimeout(() => socket.resetAndDestroy(), 50));
  };
}

/** A beginning, then a small piece five times a second. */
export function drips(beginning: string, piece: string): Behaviour {
  return (socket) => {
    socket.write(beginning);
    const timer = setInterval(() => socket.writable && socket.write(piece), PIECE_EVERY_MS);
    socket.once('close', () => clearInterval(timer));
  };
}

/** A beginning, then the same piece for as long as the other side takes it. */
export function floods(beginning: string, piece: string | Buffer): Behaviour {
  return (socket) => {
    socket.write(beginning);
    const more = () => {
      while (socket.writable && socket.write(piece));
    };
    socket.on('drain', more);
    more();
  };
}

/** A well-formed answer. */
export function response(status: number, headers: Readonly<Record<string, string>> = {}, body = ''): string {
  const lines = Object.entries({ 'content-length': String(Buffer.byteLength(body)), ...headers });
  return `${head(status, Object.fromEntries(lines))}${body}`;
}

/** A well-formed head with these headers and no others. */
export function head(status: number, headers: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Status\r\n${lines.join('')}\r\n`;
}

/** For the phase before a request is read. */
export const resetAtOnce = (socket: Socket): true => {
  socket.resetAndDestroy();
  return true;
};

/** For the phase before a request is read. */
export const closeAtOnce = (socket: Socket): true => {
  socket.destroy();
  return true;
};
