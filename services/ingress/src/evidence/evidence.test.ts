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
    const { evidence, connector, time, outcomes } = setUp(() => new Promise(() => undefined));
    const gather = evidence.gathererFor(raw);
    time.ms = 2_499;
    expect(await gather(account(), connector)).toMatchObject({ kind: 'unavailable' });
    time.ms = 5_000;
    expect(await gather(account(), connector)).toMatchObject({ kind: 'unavailable' });
    expect(outcomes).toEqual(['paypal unavailable', 'paypal unavailable']);
  });

  it('asks for no more than some at a time, and lets no account take all of it', async () => {
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
    expect((await Promise.all(many.slice(0, 16))).every((one) => one?.kind === 'gathered')).toBe(true);
  });
});
