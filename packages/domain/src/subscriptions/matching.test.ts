import fc from 'fast-check';
import { z } from 'zod';
import { EVENT_TYPE_NAMES, eventTypeAliases } from '../events/event-type-names.ts';
import { canonicalPatterns, compileEventTypes, eventTypePatternSchema } from './matching.ts';

function matched(...patterns: string[]): string[] {
  return EVENT_TYPE_NAMES.filter(compileEventTypes(patterns));
}

describe('compileEventTypes', () => {
  test.each<[string[], string[]]>([
    [['payment_succeeded'], ['payment_succeeded']],
    [['payment.completed'], ['payment_succeeded']],
    [['payment.succeeded'], ['payment_succeeded']],
    [['refund_*'], ['refund_initiated', 'refund_succeeded', 'refund_failed']],
    [['refund.*'], ['refund_initiated', 'refund_succeeded', 'refund_failed']],
    [['subscription_status_*'], ['subscription_status_changed']],
    [['subscription.status_*'], ['subscription_status_changed']],
    [
      ['customer_*', 'chargeback'],
      ['chargeback', 'customer_created', 'customer_updated'],
    ],
    [[], []],
    [['no_such_type'], []],
  ])('%j matches %j', (patterns, types) => {
    expect(matched(...patterns)).toEqual(types);
  });

  test('* matches every type', () => {
    expect(matched('*')).toEqual(EVENT_TYPE_NAMES);
  });

  test('every spelling of a type matches that type and no other', () => {
    for (const type of EVENT_TYPE_NAMES) {
      for (const spelling of [type, ...eventTypeAliases(type)]) expect(matched(spelling)).toEqual([type]);
    }
  });

  test('a dotted prefix means what the canonical one means', () => {
    for (const type of EVENT_TYPE_NAMES.filter((name) => name.includes('_'))) {
      const family = type.slice(0, type.indexOf('_'));
      expect(matched(`${family}.*`)).toEqual(matched(`${family}_*`));
      expect(matched(`${family}.*`)).toContain(type);
    }
  });
});

describe('canonicalPatterns', () => {
  test('spells canonically, once each', () => {
    expect(
      canonicalPatterns(['payment.*', 'payment_*', 'refund.completed', 'refund_succeeded', '*', 'nonsense']),
    ).toEqual(['payment_*', 'refund_succeeded', '*']);
  });

  test('matches the same types as the patterns it was made from', () => {
    const pattern = fc.constantFrom('*', 'payment.*', 'dispute_*', ...EVENT_TYPE_NAMES, 'payment.completed', 'x');
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 5 }), (patterns) => {
        expect(matched(...canonicalPatterns(patterns))).toEqual(matched(...patterns));
      }),
    );
  });
});

describe('eventTypePatternSchema', () => {
  test.each([
    '',
    '**',
    '_*',
    '.*',
    'pay*',
    'payment*',
    'payment_succeeded_*',
    'payment.comp*',
    '*_succeeded',
    'payment_*_x',
    'Payment_*',
    'unknown',
    `${'a'.repeat(100)}_*`,
  ])('refuses %j', (pattern) => {
    expect(eventTypePatternSchema.safeParse(pattern).success).toBe(false);
  });

  test('a refused entry is named by its index', () => {
    const result = z.array(eventTypePatternSchema).safeParse(['payment_*', 'paid']);
    expect(result.error?.issues.map((issue) => issue.path)).toEqual([[1]]);
  });

  test('accepts nothing that would never match', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z_.*]{0,20}$/), (pattern) => {
        if (eventTypePatternSchema.safeParse(pattern).success) expect(matched(pattern)).not.toEqual([]);
      }),
    );
  });
});
