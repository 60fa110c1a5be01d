// Row 51, inside the namespace: answers in which a public address stands beside a forbidden one.
import { isIPv6 } from 'node:net';
import { FORBIDDEN_ADDRESSES } from '../../../packages/outbound/tests/corpus/addresses.ts';
import { inLanes } from '../../parties/sender.ts';
import type { NameAnswer } from '../dns-server.ts';
import { openClientInside } from './namespace/client-inside.ts';
import { listenEverywhere } from './namespace/everywhere.ts';
import { connectionsBegun, runInside } from './namespace/inside.ts';

export interface MixedFound {
  answers: number;
  notRefused: string[];
  /** Begun while every answer held a forbidden address. */
  connections: number;
  /** Connections to anything but the public address when the forbidden one came too late to be seen. */
  connectionsOfLate: number;
  /** A name with public addresses of both families is reached. */
  publicReached: boolean;
}

const PUBLIC = { 4: '93.184.216.34', 6: '2606:2800:220:1:248:1893:25c8:1946' } as const;
const NINE_PUBLIC = {
  4: Array.from({ length: 9 }, (_, last) => `93.184.216.${30 + last}`),
  6: Array.from({ length: 9 }, (_, last) => `2606:2800:220:1::${10 + last}`),
} as const;

type Family = 4 | 6;
type Mix = (forbidden: string, own: Family, other: Family) => Partial<Record<Family, readonly string[]>>;

/** `own` is the family of the forbidden address. */
const MIXES: Readonly<Record<string, Mix>> = {
  'public-first': (forbidden, own) => ({ [own]: [PUBLIC[own], forbidden] }),
  'forbidden-first': (forbidden, own) => ({ [own]: [forbidden, PUBLIC[own]] }),
  'after-more-than-are-dialled': (forbidden, own) => ({ [own]: [...NINE_PUBLIC[own], forbidden] }),
  'other-family': (forbidden, own, other) => ({ [own]: [forbidden], [other]: [PUBLIC[other]] }),
  'both-families': (forbidden, own, other) => ({ [own]: [PUBLIC[own], forbidden], [other]: [PUBLIC[other]] }),
};
const LATE_MS = { 'a-little-late': 100, 'too-late': 900 } as const;

await runInside<{ late: boolean }, MixedFound>(async ({ late }, onEnd) => {
  const everywhere = await listenEverywhere({ httpPorts: [80] });
  onEnd(() => everywhere.close());
  const forbidden = Object.values(FORBIDDEN_ADDRESSES).flatMap((addresses) => addresses.slice(0, 3));

  function answerTo(name: string, family: Family): NameAnswer {
    const [index = '', mix = ''] = name.split('.');
    const address = forbidden[Number(index)] ?? '';
    const own: Family = isIPv6(address) ? 6 : 4;
    const other: Family = own === 4 ? 6 : 4;
    const made =
      MIXES[mix]?.(address, own, other) ?? (name.startsWith('all-well') ? { 4: [PUBLIC[4]], 6: [PUBLIC[6]] } : {});
    const given = made[family] ?? [];
    const asAnswer = (addresses: readonly string[]) => (family === 4 ? { a: addresses } : { aaaa: addresses });
    if (!(mix in LATE_MS)) return asAnswer(given);
    return family === own
      ? { ...asAnswer([address]), delayMs: LATE_MS[mix as keyof typeof LATE_MS] }
      : asAnswer([PUBLIC[other]]);
  }
  const { send, register } = await openClientInside(onEnd, answerTo);

  const begunBefore = connectionsBegun();
  const notRefused: string[] = [];
  // On a machine that is too busy a little late is too late.
  const mixes = [...Object.keys(MIXES), ...(late ? ['a-little-late'] : [])];
  const names = forbidden.flatMap((_address, index) => mixes.map((mix) => `${index}.${mix}.shop.example`));
  await inLanes(names.length, 16, async (index) => {
    const url = `http://${names[index]}/`;
    const endings = `${await register(url)} ${await send(url)}`;
    if (endings !== 'address_not_allowed blocked_address') notRefused.push(`${names[index]}: ${endings}`);
  });
  const connections = connectionsBegun() - begunBefore;

  await inLanes(forbidden.length, 16, async (index) => void (await send(`http://${index}.too-late.shop.example/`)));
  const isPublic = (address: string) => address === PUBLIC[4] || address === PUBLIC[6];
  return {
    answers: names.length,
    notRefused,
    connections,
    connectionsOfLate: everywhere.connections.filter(({ address }) => !isPublic(address)).length,
    publicReached: (await send('http://all-well.shop.example/')) === '200',
  };
});
