import { createHealth } from '../index.ts';

describe('createHealth', () => {
  it('is fine without checks', async () => {
    const health = createHealth();
    expect(await health.liveness()).toEqual({ status: 'ok', checks: {} });
    expect(await health.readiness()).toEqual({ status: 'ok', checks: {} });
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no'))],
    ['answers false', () => false],
    ['never answers', () => new Promise(() => {})],
  ])('fails when a check %s, and keeps the reason to itself', async (_how, check) => {
    const failures: string[] = [];
    const health = createHealth({ timeoutMs: 20, onFailure: (name) => failures.push(name) });
    health.addReadiness('good', () => true);
    health.addReadiness('bad', check);
    expect(await health.readiness()).toEqual({
      status: 'failing',
      checks: {
        good: { status: 'ok', duration_ms: expect.any(Number) },
        bad: { status: 'failing', duration_ms: expect.any(Number) },
      },
    });
    expect(failures).toEqual(['bad']);
    expect((await health.liveness()).status).toBe('ok');
  });

  it('tells nobody of a check that has not succeeded yet while it starts, but of the same one afterwards', async () => {
    const failures: string[] = [];
    const health = createHealth({ startingMs: 60_000, onFailure: (name) => failures.push(name) });
    let isConnected = false;
    health.addReadiness('redis', () => isConnected);
    expect((await health.readiness()).status).toBe('failing');
    expect(failures).toEqual([]);

    isConnected = true;
    expect((await health.readiness()).status).toBe('ok');
    isConnected = false;
    expect((await health.readiness()).status).toBe('failing');
    expect(failures).toEqual(['redis']);
  });

  it('is alive but not ready while it stops', async () => {
    const health = createHealth();
    health.addLiveness('loop', () => undefined);
    health.setStopping();
    expect((await health.readiness()).status).toBe('stopping');
    expect((await health.liveness()).status).toBe('ok');
  });
});
