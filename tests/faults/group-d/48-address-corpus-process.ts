// Row 48, inside the namespace: every address of the corpus by literal and by name, at registration and at connect time.
import { connect, isIPv6 } from 'node:net';
import { selfSigned } from '@owngateway/outbound/testing';
import { ALL_FORBIDDEN, ALL_PUBLIC } from '../../../packages/outbound/tests/corpus/derived-addresses.ts';
import { inLanes } from '../../parties/sender.ts';
import { openClientInside } from './namespace/client-inside.ts';
import { listenEverywhere } from './namespace/everywhere.ts';
import { connectionsBegun, runInside } from './namespace/inside.ts';

export interface AddressesFound {
  forbidden: number;
  /** Every way in which each of them was tried. */
  tries: number;
  /** Tries that were not refused for their address, as text. */
  notRefused: string[];
  connectionsToForbidden: number;
  /** How many of them answer when nobody guards: what would be counted if the guard failed. */
  reachableUnguarded: number;
  public: number;
  /** Public addresses that were refused, or not reached where they are. */
  falselyRefused: string[];
}

const LANES = 16;
const hostOf = (address: string) => (isIPv6(address) ? `[${address}]` : address);

await runInside<null, AddressesFound>(async (_input, onEnd) => {
  const everywhere = await listenEverywhere({
    httpPorts: [80],
    httpsPorts: [443],
    certificate: selfSigned('shop.example'),
  });
  onEnd(() => everywhere.close());
  const { send, register } = await openClientInside(onEnd, (name) => {
    const [kind, index] = name.split('.');
    const address = (kind === 'forbidden' ? ALL_FORBIDDEN : ALL_PUBLIC)[Number(index)] ?? '';
    return isIPv6(address) ? { aaaa: [address] } : { a: [address] };
  });

  const begunBefore = connectionsBegun();
  const notRefused: string[] = [];
  let tries = 0;
  async function expectRefusal(what: string, ending: Promise<string>, expected: string): Promise<void> {
    tries += 1;
    const word = await ending;
    if (word !== expected) notRefused.push(`${what}: ${word}`);
  }
  await inLanes(ALL_FORBIDDEN.length, LANES, async (index) => {
    const address = ALL_FORBIDDEN[index] ?? '';
    for (const host of [hostOf(address), `forbidden.${index}.shop.example`]) {
      for (const scheme of ['http', 'https']) {
        await expectRefusal(`${scheme} to ${address} as ${host}`, send(`${scheme}://${host}/`), 'blocked_address');
      }
      await expectRefusal(`registering ${address} as ${host}`, register(`https://${host}/`), 'address_not_allowed');
    }
  });
  const connectionsToForbidden = connectionsBegun() - begunBefore + everywhere.connections.length;

  const falselyRefused: string[] = [];
  // One after the other, so that the last connection is the one that was just made.
  for (const [index, address] of ALL_PUBLIC.entries()) {
    for (const host of [hostOf(address), `public.${index}.shop.example`]) {
      const endings = [await register(`https://${host}/`), await send(`http://${host}/`)].join(' ');
      const reached = everywhere.connections.at(-1)?.address;
      if (endings !== 'accepted 200' || reached !== address) {
        falselyRefused.push(`${address} as ${host}: ${endings}, reached ${reached}`);
      }
    }
  }

  let reachableUnguarded = 0;
  await inLanes(ALL_FORBIDDEN.length, LANES, async (index) => {
    if (await answers(ALL_FORBIDDEN[index] ?? '')) reachableUnguarded += 1;
  });
  return {
    forbidden: ALL_FORBIDDEN.length,
    tries,
    notRefused,
    connectionsToForbidden,
    reachableUnguarded,
    public: ALL_PUBLIC.length,
    falselyRefused,
  };
});

/** Whether a socket without any guard is answered. Multicast, broadcast and link-local addresses cannot be dialled so. */
function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(80, address);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
