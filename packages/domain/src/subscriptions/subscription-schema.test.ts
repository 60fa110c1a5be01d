import { z } from 'zod';
import { createSubscriptionSchema, patchSubscriptionSchema } from './subscription-schema.ts';

const minimal = { url: 'https://shop.example/hooks?x=1', event_types: ['payment_*'] };

function faultsOf(body: unknown, schema: z.ZodType = createSubscriptionSchema): string[] {
  return schema.safeParse(body).error?.issues.map((issue) => issue.path.join('.')) ?? [];
}

describe('createSubscriptionSchema', () => {
  test('needs a URL and event types, and fills in the documented defaults', () => {
    expect(createSubscriptionSchema.parse(minimal)).toEqual({
      ...minimal,
      description: null,
      authentication: { type: 'none' },
      headers: {},
      tls: null,
      signing: { scheme: 'hmac-sha256' },
      event_style: 'snake_case',
      success: '2xx',
      retry_policy: 'exponential-24h',
      max_in_flight: 20,
      rate_limit_per_s: null,
      timeout_ms: 15_000,
      auto_disable: { after_failing_for_s: 432_000 },
    });
    expect(faultsOf({})).toEqual(['url', 'event_types']);
  });

  test('takes the documented example', () => {
    const example = {
      ...minimal,
      owner: { level: 'merchant', id: 'm_42' },
      description: 'orders',
      event_types: ['payment_*', 'refund.completed', '*'],
      authentication: { type: 'basic', username: 'u', password: 'p' },
      headers: { 'X-Tenant': '7' },
      tls: { ca: null, client_certificate: 'PEM', client_key: 'PEM' },
      signing: { scheme: 'hmac-sha256' },
      event_style: 'dotted',
      success: 'echo',
      retry_policy: { delays_s: [1, 5] },
      max_in_flight: 200,
      rate_limit_per_s: 10,
      timeout_ms: 30_000,
      auto_disable: null,
    };
    expect(createSubscriptionSchema.parse(example)).toEqual(example);
  });

  test.each<[object, string]>([
    [{ unknown: 1 }, ''],
    [{ status: 'enabled' }, ''],
    [{ url: '' }, 'url'],
    [{ url: `https://shop.example/${'x'.repeat(2_048)}` }, 'url'],
    [{ event_types: [] }, 'event_types'],
    [{ event_types: ['*', 'paid'] }, 'event_types.1'],
    [{ event_types: 'payment_*' }, 'event_types'],
    [{ owner: { level: 'operator', id: 'x' } }, 'owner.level'],
    [{ owner: { level: 'merchant', id: '../x' } }, 'owner.id'],
    [{ authentication: { type: 'digest' } }, 'authentication.type'],
    [{ authentication: { type: 'none', token: 'x' } }, 'authentication'],
    [{ authentication: { type: 'basic', username: 'a:b', password: 'p' } }, 'authentication.username'],
    [{ authentication: { type: 'basic', username: 'a', password: 'p\r\nX: y' } }, 'authentication.password'],
    [{ authentication: { type: 'bearer', token: 'a b' } }, 'authentication.token'],
    [{ authentication: { type: 'header', name: 'X-Signature', value: 'x' } }, 'authentication.name'],
    [{ authentication: { type: 'header', name: 'X-Key', value: 'a\nb' } }, 'authentication.value'],
    [{ headers: { Host: 'x' } }, 'headers.Host'],
    [{ headers: { Authorization: 'x' } }, 'headers.Authorization'],
    [{ headers: { 'X-A': '1', 'x-a': '2' } }, 'headers.x-a'],
    [{ headers: { 'X-A': 'a\r\nHost: b' } }, 'headers.X-A'],
    [{ headers: { 'X-A': 'a'.repeat(1_025) } }, 'headers.X-A'],
    [{ headers: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`X-${i}`, '1'])) }, 'headers'],
    [{ signing: { scheme: 'none' } }, 'signing.scheme'],
    [{ event_style: 'camelCase' }, 'event_style'],
    [{ success: 200 }, 'success'],
    [{ retry_policy: 'never' }, 'retry_policy'],
    [{ retry_policy: { delays_s: [0] } }, 'retry_policy.delays_s.0'],
    [{ max_in_flight: 0 }, 'max_in_flight'],
    [{ max_in_flight: 201 }, 'max_in_flight'],
    [{ rate_limit_per_s: 0 }, 'rate_limit_per_s'],
    [{ rate_limit_per_s: 1_001 }, 'rate_limit_per_s'],
    [{ timeout_ms: 999 }, 'timeout_ms'],
    [{ timeout_ms: 30_001 }, 'timeout_ms'],
    [{ timeout_ms: 1_500.5 }, 'timeout_ms'],
    [{ auto_disable: { after_failing_for_s: 0 } }, 'auto_disable.after_failing_for_s'],
    [{ auto_disable: {} }, 'auto_disable.after_failing_for_s'],
  ])('%j is refused and named as "%s"', (change, path) => {
    expect(faultsOf({ ...minimal, ...change })).toEqual([path]);
  });

  test('names every fault of a body at once', () => {
    expect(faultsOf({ ...minimal, timeout_ms: 1, max_in_flight: 0, success: 'x' })).toHaveLength(3);
  });
});

describe('patchSubscriptionSchema', () => {
  test('changes only what it names: nothing is filled in', () => {
    expect(patchSubscriptionSchema.parse({})).toEqual({});
    expect(patchSubscriptionSchema.parse({ timeout_ms: 2_000 })).toEqual({ timeout_ms: 2_000 });
    expect(patchSubscriptionSchema.parse({ rate_limit_per_s: null })).toEqual({ rate_limit_per_s: null });
  });

  test.each<[object, string]>([
    [{ owner: { level: 'merchant', id: 'm_43' } }, ''],
    [{ status: 'disabled' }, ''],
    [{ secret: 'whsec_x' }, ''],
    [{ event_types: ['paid'] }, 'event_types.0'],
    [{ headers: { 'Webhook-Id': 'x' } }, 'headers.Webhook-Id'],
  ])('%j is refused', (body, path) => {
    expect(faultsOf(body, patchSubscriptionSchema)).toEqual([path]);
  });
});

test('both bodies can be published as JSON Schema for the OpenAPI document', () => {
  const created = z.toJSONSchema(createSubscriptionSchema, { io: 'input' });
  expect(created.required).toEqual(['url', 'event_types']);
  expect(created.additionalProperties).toBe(false);
  expect(z.toJSONSchema(patchSubscriptionSchema, { io: 'input' }).required).toBeUndefined();
});
