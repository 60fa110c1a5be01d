import fc from 'fast-check';
import type { NotificationItem } from '../connector.ts';
import { fieldsOf } from '../payload/fields.ts';
import { type ContractSubject, rawNotification } from './contract-subject.ts';
import { readItems } from './read-items.ts';

const RUNS = 300;

/** Declares the tests of `parse`: everything a vendor may send is read or said to be unreadable. */
export function describeParsing<Credential, Settings>(subject: ContractSubject<Credential, Settings>): void {
  const { connector, settings, signedAt } = subject;
  const sign = (payload: object | Buffer, at = signedAt) => subject.sign(payload, subject.credentials.current, at);
  const write = subject.write ?? ((payload: unknown) => JSON.stringify(payload));
  const itemsOf = (payload: object, at = signedAt) => {
    const parsed = connector.parse(sign(payload, at), settings);
    return parsed.ok ? parsed.items : [];
  };

  describe('parse', () => {
    it('reads a genuine notification into one sound event', async () => {
      const items = await readItems(subject, sign(subject.genuine));
      expect(items.map((item) => item.reason)).toEqual([null]);
      expectSound(items);
    });

    it('gives a repeat the same key, also when it is signed anew', async () => {
      const later = sign(subject.genuine, new Date(signedAt.getTime() + 60_000));
      expect(keysOf(await readItems(subject, later))).toEqual(keysOf(await readItems(subject, sign(subject.genuine))));
    });

    it('acknowledges a type that it does not know, without an event', () => {
      const items = itemsOf(subject.unknown);
      expect(items.map(({ event, reason }) => ({ event, reason }))).toEqual([{ event: null, reason: 'unmapped' }]);
    });

    it('calls bytes that are no UTF-8 or no JSON unreadable', () => {
      const bodies = [Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d]), Buffer.from('{"id":'), Buffer.alloc(0)];
      expect(bodies.map((body) => connector.parse(rawNotification(body), settings).ok)).toEqual([false, false, false]);
    });

    it('never throws for arbitrary bytes', () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
          connector.parse(rawNotification(Buffer.from(bytes)), settings);
        }),
      );
    });

    it('never throws and stays sound when any part of a payload is something else', () => {
      const paths = pathsOf(subject.genuine);
      fc.assert(
        fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
          const parsed = connector.parse(rawNotification(write(replacedAt(subject.genuine, path, value))), settings);
          expectSound(parsed.ok ? parsed.items : []);
        }),
        { numRuns: RUNS },
      );
    });

    it('survives 45,000 levels and leaves every prototype alone', () => {
      const deep = `${'['.repeat(45_000)}${']'.repeat(45_000)}`;
      const genuine = JSON.stringify(subject.genuine);
      const polluted = `{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},${genuine.slice(1)}`;
      for (const body of [deep, `{"deep":${deep},${genuine.slice(1)}`, polluted]) {
        const notification = rawNotification(body);
        connector.verify(notification, [subject.credentials.current], settings, signedAt);
        connector.parse(notification, settings);
      }
      expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    });
  });

  const { batch } = subject;
  if (batch !== null) {
    it('verifies a batch and reads each of its facts under its own key', () => {
      const verdict = connector.verify(sign(batch.payload), [subject.credentials.current], settings, signedAt);
      expect(verdict.ok).toBe(true);
      expect(keysOf(itemsOf(batch.payload))).toEqual(batch.keys);
      expect(new Set(batch.keys).size).toBe(batch.keys.length);
      expectSound(itemsOf(batch.payload));
      expectSources(itemsOf(batch.payload), subject.sources?.(batch.payload) ?? []);
    });
  }
}

/** What every item of every connector keeps to, whatever the vendor wrote. */
export function expectSound(items: readonly NotificationItem[]): void {
  for (const { key, connectorType, event, reason } of items) {
    expect(key).not.toBe('');
    expect(connectorType).not.toBe('');
    expect(event === null).toBe(reason !== null);
    if (event !== null) {
      expect(event.occurredAt.toISOString()).toMatch(/^\d{4}-/);
      expect(Number.isSafeInteger(event.object.amount_minor ?? 0)).toBe(true);
      expect(event.object.currency ?? 'EUR').toMatch(/^[A-Z]{3}$/);
      expect(event.object.status).not.toBe('');
      expect(Object.values(event.object.metadata).every((value) => typeof value === 'string')).toBe(true);
    }
  }
}

/** Each event has the vendor's object of its fact with all that was sent of it; signing may have added to it. */
export function expectSources(items: readonly NotificationItem[], sources: readonly unknown[]): void {
  const raised = items.map(({ event }, at) => (event === null ? null : { source: event.source, sent: sources[at] }));
  for (const { source, sent } of raised.filter((one) => one !== null)) {
    expect(source).toMatchObject(fieldsOf(sent));
  }
}

function keysOf(items: readonly NotificationItem[]): string[] {
  return items.map((item) => item.key);
}

type Path = readonly (string | number)[];

/** The path of every value in a JSON value. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) {
    return [path];
  }
  const below = Array.isArray(value)
    ? value.flatMap((one, at) => pathsOf(one, [...path, at]))
    : Object.entries(value).flatMap(([name, one]) => pathsOf(one, [...path, name]));
  return [path, ...below];
}

function replacedAt(value: unknown, [step, ...rest]: Path, replacement: unknown): unknown {
  if (step === undefined) {
    return replacement;
  }
  if (Array.isArray(value)) {
    return value.with(Number(step), replacedAt(value[Number(step)], rest, replacement));
  }
  const fields = value as Record<string, unknown>;
  return { ...fields, [step]: replacedAt(fields[step], rest, replacement) };
}
