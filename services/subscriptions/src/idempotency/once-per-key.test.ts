import { createLogger } from '@owngateway/service-kit';
import type { IdempotencyRepository } from '@owngateway/store';
import { type KeyedRequest, oncePerKey } from './once-per-key.ts';

const logger = createLogger({ service: 'tests', level: 'silent' });
const now = () => new Date('2026-11-21T10:00:00Z');

function keyed(key?: string): KeyedRequest {
  return {
    actor: {
      subject: 's',
      owner: { level: 'merchant', id: 'm_1' },
      scopes: new Set(),
      jti: 'tok_1',
      environment: 'sandbox',
      expiresAt: now(),
    },
    rawBody: Buffer.from('{}'),
    logger,
    request: { method: 'POST', path: '/v1/subscriptions', get: () => key },
  };
}

/** Always proceeds, and remembers what it was told. */
function recording(faults: Partial<IdempotencyRepository> = {}) {
  const told: string[] = [];
  const repository: IdempotencyRepository = {
    begin: async () => {
      told.push('begin');
      return { kind: 'proceed' };
    },
    complete: async () => void told.push('complete'),
    abandon: async () => void told.push('abandon'),
    ...faults,
  };
  return { told, once: oncePerKey(repository, now) };
}

const created = async () => ({ status: 201, body: { id: 'sub_1' } });

test('without a key the store is not asked', async () => {
  const { told, once } = recording();
  expect(await once(keyed(), created)).toEqual({ status: 201, body: { id: 'sub_1' } });
  expect(told).toEqual([]);
});

test('an answer that cannot be kept is given all the same: the thing was created', async () => {
  const { once } = recording({ complete: () => Promise.reject(new Error('store away')) });
  expect(await once(keyed('k'), created)).toMatchObject({ status: 201 });
});

test('a failed creation gives its key back and keeps its own fault, even when giving back fails', async () => {
  const fails = () => Promise.reject(new Error('the fault'));
  const { told, once } = recording();
  await expect(once(keyed('k'), fails)).rejects.toThrow('the fault');
  expect(told).toEqual(['begin', 'abandon']);
  const broken = recording({ abandon: () => Promise.reject(new Error('store away')) });
  await expect(broken.once(keyed('k'), fails)).rejects.toThrow('the fault');
});
