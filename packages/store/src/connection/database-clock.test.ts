import { startDatabaseClock } from './database-clock.ts';

describe("the database's clock", () => {
  it('is told by the database, not by this machine', async () => {
    const ahead = 86_400_000;
    const clock = await startDatabaseClock(async () => new Date(Date.now() + ahead));
    expect(Math.abs(clock.now().getTime() - Date.now() - ahead)).toBeLessThan(1_000);
    clock.stop();
  });

  it('runs on between measurements, and follows them', async () => {
    let told = new Date('2026-11-21T10:00:00Z');
    const clock = await startDatabaseClock(async () => told);
    const [first, second] = [clock.now(), clock.now()];
    expect(second.getTime()).toBeGreaterThanOrEqual(first.getTime());
    told = new Date('2027-01-01T00:00:00Z');
    await clock.measure();
    expect(Math.abs(clock.now().getTime() - told.getTime())).toBeLessThan(1_000);
    clock.stop();
  });

  it('keeps what it knows while the database is away, but does not begin without it', async () => {
    let away = false;
    const told = new Date('2026-11-21T10:00:00Z');
    const ask = async () => {
      if (away) throw new Error('away');
      return told;
    };
    const clock = await startDatabaseClock(ask);
    away = true;
    await expect(clock.measure()).rejects.toThrow('away');
    expect(Math.abs(clock.now().getTime() - told.getTime())).toBeLessThan(1_000);
    clock.stop();
    await expect(startDatabaseClock(ask)).rejects.toThrow('away');
  });
});
