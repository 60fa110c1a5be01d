import { createServer } from 'node:net';
import { LocalStackError } from '../errors.ts';

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      server.close(() => resolve(bound));
    });
  });
}

/** A TCP port of 127.0.0.1 that nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return listenOnce(0);
}

/**
 * The port to use for `wanted`: itself when it is free, any free one for 0.
 * Throws `port_taken` naming `setting` when somebody else listens there.
 */
export async function claimPort(wanted: number, setting: string): Promise<number> {
  try {
    return await listenOnce(wanted);
  } catch (cause) {
    throw new LocalStackError(
      'port_taken',
      `Port ${wanted} is taken: stop what listens there, or choose another with ${setting}=<port> (0 takes any free one).`,
      { cause },
    );
  }
}
