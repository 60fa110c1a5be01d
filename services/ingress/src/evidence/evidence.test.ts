import type { Connector, EvidenceSources, Gathering, OutsideAnswer } from '@owngateway/connectors';
import type { ConnectorAccountRecord } from '@owngateway/store';
import { knownConnectors } from '../connectors/known-connectors.ts';
import { createEvidence } from './evidence.ts';

const raw = { method: 'POST', headers: {}, query: '', body: Buffer.from('{}'), url: '' };
const account = (id = 'acct_1') => ({ _id: id, credentials: [{}], settings: {} }) as unknown as ConnectorAccountRecord;
const ANSWER: OutsideAnswer = { kind: 'answered', status: 200, headers: {}, body: 'PEM' };

function setUp(
  gatherEvidence: (sources: EvidenceSources) => Promise<Gathering>,
  outside: () => Promise<OutsideAnswer> = async () => ANSWER,
) {
  const connector = {
    name: 'paypal',
    mayNeedEvidence: ({ body }) => body.length > 2,
    gatherEvidence: (_raw, _credentials, _settings, sources) => gatherEvidence(sources),
  } as Partial<Connector> as Connector;
  const other = { name: 'stripe' } as Partial<Connector> as Connector;
  const time = { ms: 0 };
  const outcomes: string[] = [];
  const evidence = createEvidence({
    connectors: knownConnectors([connector, other]),
    outside: { get: outside, post: outside },
    trustedAuthorities: () => ['root'],
    clock: () => time.ms,
    now: () => new Date(1_000),
    onGathered: (name, outcome) => void outcomes.push(`${name} ${outcome}`),
  });
  return { evidence, connector, other, time, outcomes };
}

describe('evidence', () => {
  it('is what the connector gathers from what it is lent, remembered between notifications', async () => {
    let asked = 0;
    const { evidence, connector, outcomes } = setUp(
      async ({ get, remember, authorities, now }) => ({
        kind: 'gathered',
        evidence: [
          authorities,
          now.getTime(),
          await remember('cert', async () => ({ value: await get('https://x.example/', {}), until: new Date(9_000) })),
        ],
      }),
      async () => {
        asked += 1;
        return ANSWER;
      },
    );
    for (const _notification of [1, 2]) {
      expect(await evidence.gathererFor(raw)(account(), connector)).toEqual({
        kind: 'gathered',
        evidence: [['root'], 1_000, ANSWER],
      });
    }
    expect(asked).toBe(1);
    expect(outcomes).toEqual(['paypal gathered', 'paypal gathered']);
  });

  it('is none for a connector that needs none, and is judged by the request alone', async () => {
    const { evidence, other } = setUp(async () => ({ kind: 'gathered', evidence: 1 }));
    expect(await evidence.gathererFor(raw)(account(), other)).toBeNull();
    expect(evidence.mayBeNeeded(raw)).toBe(false);
    expect(evidence.mayBeNeeded({ ...raw, body: Buffer.from('{"a":1}') })).toBe(true);
  });

  it('is unavailable when all the checks of a notification together take too long', async () => {
    jest.useFakeTimers();
    try {
      const { evidence, connector, time, outcomes } = setUp(() => new Promise(() => undefined));
      const gather = evidence.gathererFor(raw);
      for (const [atMs, leftMs] of [
        [0, 2_500],
        [2_499, 1],
        [5_000, 0],
      ] as const) {
        time.ms = atMs;
        const ended = jest.fn();
        void gather(account(), connector).then(ended);
        await jest.advanceTimersByTimeAsync(Math.max(0, leftMs - 1));
        expect(ended).toHaveBeenCalledTimes(leftMs === 0 ? 1 : 0);
        await jest.advanceTimersByTimeAsync(leftMs === 0 ? 0 : 1);
        expect(ended).toHaveBeenCalledWith({ kind: 'unavailable', detail: 'it took too long' });
      }
      expect(outcomes).toEqual(Array(3).fill('paypal unavailable'));
    } finally {
      jest.useRealTimers();
    }
  });

  it.each(['get', 'post'] as const)(
    'asks by %s for no more than some at a time, nor does one account',
    async (method) => {
      const { promise, resolve } = Promise.withResolvers<OutsideAnswer>();
      const { evidence, connector } = setUp(
        async ({ get, post }) => {
          const url = 'https://x.example/';
          return { kind: 'gathered', evidence: await (method === 'get' ? get(url, {}) : post(url, {}, '')) };
        },
        () => promise,
      );
      const askAs = (id: string) => evidence.gathererFor(raw)(account(id), connector);
      const full = { evidence: { kind: 'unanswered', detail: 'too many requests are under way' } };
      const many = ['acct_1', 'acct_2', 'acct_3', 'acct_4'].map((id) => Array.from({ length: 16 }, () => askAs(id)));
      expect(await askAs('acct_1')).toMatchObject(full);
      expect(await askAs('acct_5')).toMatchObject(full);
      resolve(ANSWER);
      expect(await Promise.all(many.flat())).toEqual(Array(64).fill({ kind: 'gathered', evidence: ANSWER }));
      expect(await askAs('acct_5')).toMatchObject({ evidence: ANSWER });
    },
  );

  it('leaves room to others when one account asks for all it may', async () => {
    const { promise, resolve } = Promise.withResolvers<OutsideAnswer>();
    const { evidence, connector } = setUp(
      async ({ get }) => ({ kind: 'gathered', evidence: await get('https://x.example/', {}) }),
      () => promise,
    );
    const many = Array.from({ length: 17 }, () => evidence.gathererFor(raw)(account(), connector));
    expect(await many[16]).toMatchObject({ evidence: { kind: 'unanswered' } });
    const another = evidence.gathererFor(raw)(account('acct_2'), connector);
    resolve(ANSWER);
    expect(await another).toMatchObject({ evidence: ANSWER });
  });

  it('remembers some hundred values of a connector, whatever keys strangers choose', async () => {
    const loaded: string[] = [];
    const { evidence, connector } = setUp(async ({ remember }) => {
      for (const key of [...Array(501).keys(), 0].map(String)) {
        await remember(key, async () => {
          loaded.push(key);
          return { value: key, until: new Date(9_000) };
        });
      }
      return { kind: 'gathered', evidence: null };
    });
    await evidence.gathererFor(raw)(account(), connector);
    expect(loaded.slice(500)).toEqual(['500', '0']);
  });
});
