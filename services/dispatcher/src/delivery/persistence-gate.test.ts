import { PersistenceGate } from './persistence-gate.ts';

/** As the driver says that MongoDB is away. */
class Away extends Error {
  override readonly name = 'MongoPoolClearedError';
}

describe('the persistence gate', () => {
  // Node's timers/promises are beyond fake timers; the first waits are a tenth of a second.
  let events: string[];
  let gate: PersistenceGate;
  beforeEach(() => {
    events = [];
    gate = new PersistenceGate({
      onBlocked: () => void events.push('blocked'),
      onWritable: () => void events.push('writable'),
    });
  });

  it('says nothing while writes succeed', async () => {
    expect(await gate.persist([1, 2], async (part) => part.map((n) => n * 2))).toEqual([2, 4]);
    expect(events).toEqual([]);
    expect(gate.closed).toBe(false);
    await gate.whenOpen();
  });

  it('is closed until what could not be written is written', async () => {
    let tries = 0;
    const written = gate.persist(['a', 'b'], async (part) => {
      tries += 1;
      if (tries < 3) throw new Away();
      return [...part];
    });
    await new Promise(setImmediate);
    expect(gate.closed).toBe(true);
    const opened = gate.whenOpen().then(() => events.push('opened'));
    expect(await written).toEqual(['a', 'b']);
    await opened;
    expect(tries).toBe(3);
    expect(events).toEqual(['blocked', 'writable', 'opened']);
    expect(gate.closed).toBe(false);
  });

  it('opens only when the last of several groups is written', async () => {
    const second = Promise.withResolvers<string[]>();
    let tries = 0;
    const firstGroup = gate.persist(['a'], async (part) => {
      if (tries++ === 0) throw new Away();
      return [...part];
    });
    let secondTries = 0;
    const secondGroup = gate.persist(['b'], () => (secondTries++ === 0 ? Promise.reject(new Away()) : second.promise));
    await firstGroup;
    expect(gate.closed).toBe(true);
    second.resolve(['b']);
    await secondGroup;
    expect(events).toEqual(['blocked', 'writable']);
  });

  it('writes the others of a group although one document is refused for good', async () => {
    const written = new Set<string>();
    const refused = new Error('document is no document');
    const group = gate.persist(['a', 'poison', 'b'], async (part) => {
      if (part.includes('poison')) throw refused;
      for (const one of part) written.add(one);
      return [...part];
    });
    await expect(group).rejects.toBe(refused);
    expect(written).toEqual(new Set(['a', 'b']));
    expect(gate.closed).toBe(false);
    expect(events).toEqual(['blocked', 'writable']);
  });

  it('gives up when it is abandoned', async () => {
    const group = gate.persist(['a'], () => Promise.reject(new Away()));
    gate.abandon();
    await expect(group).rejects.toThrow();
    expect(gate.closed).toBe(false);
  });
});
