import { z } from 'zod';
import { readFields } from './field-faults.ts';

const policy = z.union([z.enum(['three', 'day']), z.strictObject({ delays_s: z.array(z.int().min(1)) })]);
const authentication = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({ type: z.literal('basic'), username: z.string() }),
]);
const credential = z.union([z.strictObject({ secret: z.string() }), z.strictObject({ key: z.string() })]);
const algorithm = z.discriminatedUnion('algorithm', [
  z.strictObject({ algorithm: z.enum(['sha256', 'sha512']) }),
  z.strictObject({ algorithm: z.literal('static') }),
]);

function faultsOf(schema: z.ZodType, input: unknown) {
  const read = readFields(schema, input);
  return read.ok ? [] : read.faults;
}

/** The message of the one fault. */
function sentence(schema: z.ZodType, input: unknown): string | undefined {
  const [fault, ...more] = faultsOf(schema, input);
  expect(more).toEqual([]);
  return fault?.message;
}

describe('the fault of a field says what is allowed', () => {
  it.each<[string, z.ZodType, unknown]>([
    ['Must be "three", "day" or an object with delays_s.', policy, 'exponential'],
    ['Must be "none" or "basic".', authentication, { type: 'digest' }],
    ['Must be "sha256", "sha512" or "static".', algorithm, { algorithm: 'md5' }],
    ['Must be an object with secret or an object with key.', credential, 'hunter2'],
    ['Must be a text or a list.', z.union([z.string(), z.array(z.string())]), 7],
    ['Must be "a" or "b".', z.enum(['a', 'b']), 'hunter2'],
    ['Must be 204.', z.literal(204), 'hunter2'],
    ['Must be an object.', z.record(z.string(), z.unknown()), []],
    ['Must be a list.', z.array(z.string()), {}],
    ['Must be a whole number.', z.int(), 1.5],
    ['Must be true or false.', z.boolean(), 'yes'],
    ['Must have at least 1 character.', z.string().min(1), ''],
    ['Must have at most 2 characters.', z.string().max(2), 'hunter2'],
    ['Must have at least 2 items.', z.array(z.string()).min(2), []],
    ['Must be at most 100.', z.number().max(100), 999],
    ['Must be more than 0.', z.number().gt(0), 0],
    ['Must be like /^[a-z]+$/.', z.string().regex(/^[a-z]+$/), 'HUNTER2'],
    ['Must be a valid email.', z.email(), 'hunter2'],
    [
      'Not known here; known: limit, cursor.',
      z.strictObject({ limit: z.string(), cursor: z.string().optional() }),
      { limit: '1', x: 1 },
    ],
    ['Not known here; nothing is.', z.strictObject({}), { x: 1 }],
    ['This is not allowed here.', z.string().refine(() => false), 'hunter2'],
    ['Is an a.', z.string().regex(/^a$/, 'Is an a.'), 'hunter2'],
    ['Is an a, or a number.', z.union([z.literal('a'), z.int()], { error: 'Is an a, or a number.' }), 'hunter2'],
  ])('%s', (said, schema, input) => {
    expect(sentence(schema, input)).toBe(said);
  });

  it('and which field it is', () => {
    const schema = z.strictObject({ authentication, policy });
    expect(faultsOf(schema, { authentication: { type: 'digest' } })).toEqual([
      { field: 'authentication.type', code: 'invalid', message: 'Must be "none" or "basic".' },
      { field: 'policy', code: 'required', message: 'Must be "three", "day" or an object with delays_s.' },
    ]);
  });

  it('of the branch that was meant, where that is plain', () => {
    expect(faultsOf(policy, { delays_s: [0] })).toEqual([
      { field: 'delays_s[0]', code: 'too_small', message: 'Must be at least 1.' },
    ]);
  });
});
