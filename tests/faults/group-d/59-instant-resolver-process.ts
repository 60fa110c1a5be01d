// Row 59, inside the namespace: resolvers that answer at once, from a cache, or with something that changes afterwards.
import {
  checkUrlResolves,
  createOutboundClient,
  type OutboundClientOptions,
  type ResolvedAddress,
  type Resolver,
} from '@owngateway/outbound';
import { outcomeOf, PRODUCTION } from './namespace/client-inside.ts';
import { listenEverywhere } from './namespace/everywhere.ts';
import { connectionsBegun, runInside } from './namespace/inside.ts';

export interface InstantFound {
  tries: number;
  notRefused: string[];
  connections: number;
  /** Public answers of the same resolvers are dialled. */
  publicReached: string[];
  /** Connections that answers which changed after the check led anywhere but to the checked address. */
  connectionsElsewhere: number;
}

const PUBLIC = '93.184.216.34';
const INTERNAL = ['127.0.0.1', '::1', '::ffff:127.0.0.1', '169.254.169.254', '0.0.0.0', '2130706433', 'localhost'];

type Answering = (address: string) => Resolver;

/** A promise whose `then` calls back before it returns, as hand-made caches have them. */
function instantly<Value>(value: Value): Promise<Value> {
  const then = (onFulfilled: (value: Value) => unknown) => onFulfilled(value);
  return Object.assign(Promise.resolve(value), { then });
}

const RESOLVERS: Readonly<Record<string, Answering>> = {
  'a settled promise': (address) => ({ resolve: () => Promise.resolve([{ address }]) }),
  'a thenable that calls back in the same tick': (address) => ({ resolve: () => instantly([{ address }]) }),
  'the same promise every time': (address) => {
    const cached = Promise.resolve([{ address, ttlS: 3_600 }]);
    return { resolve: () => cached };
  },
};

/** Answers that are public while they are checked and are not afterwards. */
const TURNCOATS: Readonly<Record<string, () => Resolver>> = {
  'a list that is changed after it was given': () => {
    const list: ResolvedAddress[] = [{ address: PUBLIC, ttlS: 3_600 }];
    return {
      resolve: async () => {
        setImmediate(() => list.splice(0, 1, { address: '127.0.0.1', ttlS: 3_600 }));
        return list;
      },
    };
  },
  'an address that is another when it is read again': () => ({
    resolve: async () => {
      let reads = 0;
      return [
        {
          get address() {
            reads += 1;
            return reads === 1 ? PUBLIC : '127.0.0.1';
          },
        },
      ];
    },
  }),
};

await runInside<null, InstantFound>(async (_input, onEnd) => {
  const everywhere = await listenEverywhere({ httpPorts: [80] });
  onEnd(() => everywhere.close());
  const url = 'http://shop.example/';
  async function sendTimes(times: number, resolver: Resolver): Promise<string[]> {
    const options: OutboundClientOptions = { policy: PRODUCTION, resolver };
    const client = createOutboundClient(options);
    const request = { url, headers: {}, body: '{}', deadlineMs: 10_000 };
    const together = Array.from({ length: times }, () => client.send(request));
    // The last one comes when the answer is in the cache.
    const results = [...(await Promise.all(together)), await client.send(request)];
    await client.close();
    return results.map(outcomeOf);
  }

  const begunBefore = connectionsBegun();
  const notRefused: string[] = [];
  let tries = 0;
  for (const [how, answering] of Object.entries(RESOLVERS)) {
    for (const address of INTERNAL) {
      const endings = await sendTimes(20, answering(address));
      const verdict = await checkUrlResolves(url, PRODUCTION, answering(address));
      tries += endings.length + 1;
      const others = endings.filter((word) => word !== 'blocked_address');
      if (others.length > 0 || verdict.ok) notRefused.push(`${address} by ${how}: ${others[0] ?? 'registered'}`);
    }
  }
  const connections = connectionsBegun() - begunBefore;

  const publicReached: string[] = [];
  for (const [how, answering] of Object.entries(RESOLVERS)) {
    if ((await sendTimes(1, answering(PUBLIC))).every((word) => word === '200')) publicReached.push(how);
  }
  for (const make of Object.values(TURNCOATS)) await sendTimes(5, make());
  const elsewhere = everywhere.connections.filter(({ address }) => address !== PUBLIC);
  return { tries, notRefused, connections, publicReached, connectionsElsewhere: elsewhere.length };
});
