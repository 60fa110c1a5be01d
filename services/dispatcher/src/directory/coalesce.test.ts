import { coalesce } from './coalesce.ts';

describe('coalesce', () => {
  it('serves everybody who asks during a run by one further run that begins afterwards', async () => {
    const begun: (() => void)[] = [];
    const ask = coalesce(() => new Promise<void>((resolve) => begun.push(resolve)));

    const first = ask();
    const late = [ask(), ask(), ask()];
    expect(begun).toHaveLength(1);

    begun[0]?.();
    await first;
    await new Promise(setImmediate);
    expect(begun).toHaveLength(2);
    begun[1]?.();
    await Promise.all(late);
    expect(begun).toHaveLength(2);
  });

  it('tells a failure to those of the run that failed and tries again for the next', async () => {
    let runs = 0;
    const ask = coalesce(async () => {
      runs += 1;
      if (runs === 1) throw new Error('store away');
    });

    const first = ask();
    const second = ask();
    await expect(first).rejects.toThrow('store away');
    await expect(second).resolves.toBeUndefined();
  });

  it('never lets runs overlap: who asks in the pause before the next run shares it', async () => {
    const begun: (() => void)[] = [];
    const ask = coalesce(() => new Promise<void>((resolve) => begun.push(resolve)), 5);
    const first = ask();
    const late = ask();
    begun[0]?.();
    await first;
    await new Promise(setImmediate);
    const inThePause = ask();
    // Longer than the pause: a run that somebody had begun in it would now have company.
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(begun).toHaveLength(2);
    begun[1]?.();
    await Promise.all([late, inThePause]);
  });
});
