// Row 50, inside the namespace: names that lead to a public address when they are asked first and elsewhere afterwards.
import { isIPv6 } from 'node:net';
import type { NameAnswer } from '../dns-server.ts';
import { openClientInside } from './namespace/client-inside.ts';
import { listenEverywhere } from './namespace/everywhere.ts';
import { connectionsBegun, runInside } from './namespace/inside.ts';

export interface RebindingFound {
  alternations: number;
  rebound: number;
  /** Endings that were not what the answer of that moment asks for. */
  surprises: string[];
  connectionsToVetted: number;
  connectionsElsewhere: number;
}

const PUBLIC = '93.184.216.34';
const INTERNAL = ['127.0.0.1', '169.254.169.254', '10.0.0.1', '::1', '::ffff:127.0.0.1', 'fd00:ec2::254', '100.64.0.1'];
const REBOUND_NAMES = 100;

await runInside<{ alternations: number }, RebindingFound>(async ({ alternations }, onEnd) => {
  const everywhere = await listenEverywhere({ httpPorts: [80] });
  onEnd(() => everywhere.close());

  /** How often each name was asked for its addresses. */
  const asked = new Map<string, number>();
  function answerTo(name: string, family: 4 | 6): NameAnswer {
    // Both families are asked at once; the first question of the pair decides for both.
    const questions = asked.get(name) ?? 0;
    asked.set(name, questions + 1);
    const round = Math.floor(questions / 2);
    const internal = INTERNAL[Math.floor(round / 2) % INTERNAL.length] ?? '';
    const address = round % 2 === 0 ? PUBLIC : internal;
    return (family === 6) === isIPv6(address) ? { [family === 6 ? 'aaaa' : 'a']: [address], ttlS: 0 } : {};
  }
  let nowMs = 0;
  const { send, register } = await openClientInside(onEnd, answerTo, { clock: () => nowMs });

  const begunBefore = connectionsBegun();
  const surprises: string[] = [];
  function expectEnding(what: string, word: string, expected: string): void {
    if (word !== expected) surprises.push(`${what}: ${word} in place of ${expected}`);
  }
  for (let round = 0; round < alternations; round += 1) {
    expectEnding(
      `round ${round}`,
      await send('http://alternating.shop.example/'),
      round % 2 === 0 ? '200' : 'blocked_address',
    );
    // Past every time to live, so that each request asks again.
    nowMs += 120_000;
  }
  for (let index = 0; index < REBOUND_NAMES; index += 1) {
    const url = `http://rebound-${index}.shop.example/`;
    expectEnding(`registering ${url}`, await register(url), 'accepted');
    expectEnding(`sending to ${url}`, await send(url), 'blocked_address');
  }
  const connectionsToVetted = everywhere.connections.filter(({ address }) => address === PUBLIC).length;
  return {
    alternations,
    rebound: REBOUND_NAMES,
    surprises,
    connectionsToVetted,
    connectionsElsewhere: connectionsBegun() - begunBefore - connectionsToVetted,
  };
});
