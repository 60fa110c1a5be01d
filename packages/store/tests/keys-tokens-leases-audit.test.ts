import { anAuditRecord } from './fixtures/records.ts';
import { FIRST_PAGE, MERCHANT_1, MERCHANT_2, OPERATOR, useTestStore } from './fixtures/test-store.ts';

const context = useTestStore();
const T0 = new Date('2026-11-21T10:00:00.000Z');
const after = (ms: number) => new Date(T0.getTime() + ms);

describe('idempotency keys', () => {
  const begin = (key: string, requestHash = 'h', now = new Date()) =>
    context.store.idempotency.begin({ key, requestHash, now });
  const answer = { status: 201, body: { id: 'sub_1', secret: 'whsec_clear-answer' } };

  it('let one request through and give its answer to the others', async () => {
    const verdicts = await Promise.all(Array.from({ length: 10 }, () => begin('one')));
    expect(verdicts.filter(({ kind }) => kind === 'proceed')).toHaveLength(1);
    expect(verdicts.filter(({ kind }) => kind === 'running')).toHaveLength(9);
    await context.store.idempotency.complete('one', answer);
    expect(await begin('one')).toEqual({ kind: 'answered', answer });
    expect(await begin('one', 'other')).toEqual({ kind: 'mismatch' });
    expect(JSON.stringify(await context.collection('idempotency').findOne({ _id: 'one' }))).not.toContain('clear');
  });

  it('are free again when the request failed, and not when it was answered', async () => {
    await begin('two');
    await context.store.idempotency.abandon('two');
    expect(await begin('two', 'another')).toEqual({ kind: 'proceed' });
    await context.store.idempotency.complete('two', answer);
    await context.store.idempotency.abandon('two');
    expect(await begin('two', 'another')).toMatchObject({ kind: 'answered' });
  });

  it('are taken over from a request that died, by one', async () => {
    await begin('three', 'h', new Date(Date.now() - 61_000));
    const verdicts = await Promise.all([begin('three'), begin('three')]);
    expect(verdicts.map(({ kind }) => kind).sort()).toEqual(['proceed', 'running']);
  });

  it('are forgotten after 24 hours, even before the TTL index removes them', async () => {
    const longAgo = new Date(Date.now() - 24 * 3_600_000 - 1);
    await context.collection('idempotency').deleteMany({});
    await begin('four', 'h', longAgo);
    await context.store.idempotency.complete('four', answer);
    expect(await begin('four', 'another')).toEqual({ kind: 'proceed' });
  });
});

describe('revoked tokens', () => {
  it('are known until they would have expired', async () => {
    expect(await context.store.revokedTokens.isRevoked('tok_1')).toBe(false);
    const expiresAt = new Date(Date.now() + 60_000);
    await context.store.revokedTokens.revoke({ jti: 'tok_1', revokedAt: T0, expiresAt });
    await context.store.revokedTokens.revoke({ jti: 'tok_1', revokedAt: after(1), expiresAt });
    expect(await context.store.revokedTokens.isRevoked('tok_1')).toBe(true);
    const ttl = (await context.collection('revoked_tokens').indexes()).find(({ key }) => 'expires_at' in key);
    expect(ttl?.expireAfterSeconds).toBe(0);
  });
});

describe('leases', () => {
  it('go to one holder, who may renew and release', async () => {
    const holders = Array.from({ length: 10 }, (_, index) => `h${index}`);
    const got = await Promise.all(holders.map((holder) => context.store.leases.acquire('sweeper', holder, 60_000)));
    expect(got.filter(Boolean)).toHaveLength(1);
    const winner = holders[got.indexOf(true)] as string;
    expect(await context.store.leases.acquire('sweeper', winner, 60_000)).toBe(true);
    await context.store.leases.release('sweeper', 'somebody');
    expect(await context.store.leases.acquire('sweeper', 'somebody', 60_000)).toBe(false);
    await context.store.leases.release('sweeper', winner);
    expect(await context.store.leases.acquire('sweeper', 'somebody', 60_000)).toBe(true);
  });

  it('fall to another when they have passed by the clock of the database', async () => {
    await context.store.leases.acquire('short', 'a', 60_000);
    const passed = new Date(context.store.clock.now().getTime() - 1);
    await context.collection('leases').updateOne({ _id: 'short' }, { $set: { until: passed } });
    expect(await context.store.leases.acquire('short', 'b', 60_000)).toBe(true);
    expect(await context.store.leases.acquire('short', 'a', 60_000)).toBe(false);
  });
});

describe('the audit trail', () => {
  it('is listed newest first within reach', async () => {
    const [one, two, theirs] = [
      anAuditRecord(),
      anAuditRecord({ resource_id: 'sub_2' }),
      anAuditRecord({ owner_key: 'merchant:m_2' }),
    ];
    for (const record of [one, two, theirs]) await context.store.audit.append(record);
    const list = (scope: typeof OPERATOR, filter = {}) => context.store.audit.list(scope, filter, FIRST_PAGE);
    expect(await list(MERCHANT_1)).toEqual({ items: [two, one], next: null });
    expect((await list(MERCHANT_1, { resourceId: 'sub_2' })).items).toEqual([two]);
    expect((await list(MERCHANT_2)).items).toEqual([theirs]);
    expect((await list(OPERATOR)).items).toEqual([theirs, two, one]);
  });
});
