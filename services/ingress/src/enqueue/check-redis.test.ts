import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { refuseEvictingRedis } from './check-redis.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
  }
});

/** As much of a Redis as a connection needs: INFO tells a policy, everything else is fine. */
async function startRedisWith(policy: string): Promise<string> {
  const info = `redis_version:7.2.0\r\nloading:0\r\nmaxmemory_policy:${policy}\r\n`;
  const answer = (socket: Socket, text: string) => {
    const commands = text.match(/^\*\d+\r\n\$\d+\r\n\w+/gm) ?? [];
    for (const command of commands) {
      socket.write(/info$/i.test(command) ? `$${info.length}\r\n${info}\r\n` : '+OK\r\n');
    }
  };
  const server = createServer((socket) => {
    socket.setEncoding('latin1').on('data', (text: string) => answer(socket, text));
    socket.on('error', () => undefined);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('refuseEvictingRedis', () => {
  it.each(['allkeys-lru', 'volatile-ttl'])('refuses a Redis that would throw jobs away by %s', async (policy) => {
    await expect(refuseEvictingRedis(await startRedisWith(policy))).rejects.toThrow(policy);
  });

  it('takes one that keeps everything', async () => {
    expect(await refuseEvictingRedis(await startRedisWith('noeviction'))).toBe(true);
  });

  it('does not mind one that is away', async () => {
    const url = await startRedisWith('noeviction');
    await new Promise((resolve) => servers.pop()?.close(resolve));
    expect(await refuseEvictingRedis(url)).toBe(false);
  });
});
