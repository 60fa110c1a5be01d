// Row 52, inside the namespace: a name system that fails in every way, and answers with a forbidden address afterwards.
import type { NameAnswer } from '../dns-server.ts';
import { openClientInside } from './namespace/client-inside.ts';
import { listenEverywhere } from './namespace/everywhere.ts';
import { connectionsBegun, runInside } from './namespace/inside.ts';

export interface ResolverErrorsFound {
  failures: number;
  surprises: string[];
  connections: number;
  /** The same names lead to a public address at last, and are reached. */
  reachedWhenWell: number;
}

const FORBIDDEN: NameAnswer = { a: ['10.0.0.1'], aaaa: ['::1'], ttlS: 0 };
const WELL: NameAnswer = { a: ['93.184.216.34'], ttlS: 0 };

/** What a name's servers do at first. */
const FAILURES: Readonly<Record<string, (family: 4 | 6) => NameAnswer>> = {
  'form-error': () => ({ rcode: 1 }),
  'server-failure': () => ({ rcode: 2 }),
  'no-such-name': () => ({ rcode: 3 }),
  'not-implemented': () => ({ rcode: 4 }),
  refused: () => ({ rcode: 5 }),
  'no-address': () => ({}),
  'alias-to-nothing': () => ({ alias: 'nothing.internal.example' }),
  'no-answer': () => 'silence',
  'later-than-anybody-waits': () => ({ a: ['127.0.0.1'], delayMs: 4_000 }),
};

/** What ends in a forbidden address although the first answer shows none. */
const DETOURS: Readonly<Record<string, (family: 4 | 6) => NameAnswer>> = {
  truncated: () => ({ ...FORBIDDEN, truncated: true }),
  'alias-to-inside': () => ({ ...FORBIDDEN, alias: 'redis.internal.example' }),
  'one-family-fails': (family) => (family === 4 ? { rcode: 2 } : { aaaa: ['fd00:ec2::254'] }),
  'other-family-fails': (family) => (family === 6 ? { rcode: 2 } : { a: ['169.254.169.254'] }),
  'one-family-silent': (family) => (family === 4 ? 'silence' : { aaaa: ['::ffff:10.0.0.1'] }),
};

await runInside<null, ResolverErrorsFound>(async (_input, onEnd) => {
  const everywhere = await listenEverywhere({ httpPorts: [80] });
  onEnd(() => everywhere.close());
  let stage: 'failing' | 'forbidden' | 'well' = 'failing';
  let nowMs = 0;
  const inside = await openClientInside(
    onEnd,
    (name, family) => {
      if (stage === 'forbidden') return FORBIDDEN;
      if (stage === 'well') return WELL;
      const kind = name.split('.')[0] ?? '';
      return (FAILURES[kind] ?? DETOURS[kind])?.(family) ?? { rcode: 2 };
    },
    { clock: () => nowMs },
  );

  const begunBefore = connectionsBegun();
  const surprises: string[] = [];
  async function expectEndings(names: readonly string[], expected: readonly [string, string]): Promise<void> {
    await Promise.all(
      names.map(async (name) => {
        const url = `http://${name}.shop.example/`;
        const endings = (await Promise.all([inside.register(url), inside.send(url)])).join(' ');
        if (endings !== expected.join(' ')) surprises.push(`${name}, ${stage}: ${endings}`);
      }),
    );
  }
  await Promise.all([
    expectEndings(Object.keys(FAILURES), ['host_not_resolvable', 'dns_error']),
    expectEndings(Object.keys(DETOURS), ['address_not_allowed', 'blocked_address']),
  ]);
  // Past every time to live, and past the time for which a slow name is remembered.
  nowMs += 600_000;
  stage = 'forbidden';
  const all = [...Object.keys(FAILURES), ...Object.keys(DETOURS)];
  await expectEndings(all, ['address_not_allowed', 'blocked_address']);
  // Truncated answers are asked for again over TCP, of the name server.
  const connections = connectionsBegun() - begunBefore - inside.names.tcpConnections() + everywhere.connections.length;

  nowMs += 600_000;
  stage = 'well';
  await expectEndings(all, ['accepted', '200']);
  return { failures: all.length, surprises, connections, reachedWhenWell: everywhere.connections.length };
});
