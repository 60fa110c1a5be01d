import { Readable } from 'node:stream';
import type { Request } from 'express';
import { IntakeLimit } from './intake-limit.ts';
import { readBody } from './request-body.ts';

const LIMIT = 100_000;

function requestOf(pieces: readonly Buffer[], headers: Record<string, string> = {}): Request {
  return Object.assign(Readable.from(pieces, { objectMode: true }), { headers }) as unknown as Request;
}

const limitOf = (maxBytes = 1_000_000) => new IntakeLimit({ maxNotifications: 10, maxBytes }, () => performance.now());

it.each([1, 7, 1_024, 60_000, LIMIT])('collects a body of 100,000 bytes in pieces of %d', async (size) => {
  const body = Buffer.from(Array.from({ length: LIMIT }, (_, index) => index % 251));
  const pieces = Array.from({ length: Math.ceil(LIMIT / size) }, (_, index) =>
    body.subarray(index * size, (index + 1) * size),
  );
  const limit = limitOf();
  const reading = await readBody(requestOf(pieces), LIMIT, limit);
  expect(reading.kind === 'read' && reading.body.equals(body)).toBe(true);
  // Never twice what came.
  expect(limit.bytes).toBe(LIMIT);
  if (reading.kind === 'read') reading.held.release();
  expect(limit.bytes).toBe(0);
});

it('reads no body as an empty one', async () => {
  expect(await readBody(requestOf([]), LIMIT, limitOf())).toMatchObject({ kind: 'read', body: Buffer.alloc(0) });
});

it.each([
  ['announced', { 'content-length': String(LIMIT + 1) }, []],
  ['found', {}, [Buffer.alloc(LIMIT), Buffer.alloc(1)]],
])('turns away what is too large, %s, and holds nothing of it', async (_, headers, pieces) => {
  const limit = limitOf();
  expect(await readBody(requestOf(pieces, headers), LIMIT, limit)).toEqual({ kind: 'too_large' });
  expect(limit.bytes).toBe(0);
});

it('turns away what there is no room for, and what has to make room', async () => {
  const limit = limitOf(1_000);
  expect(await readBody(requestOf([Buffer.alloc(500), Buffer.alloc(501)]), LIMIT, limit)).toEqual({
    kind: 'overloaded',
  });
  expect(limit.bytes).toBe(0);
});
