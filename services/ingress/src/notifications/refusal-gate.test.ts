import { createRefusalGate } from './refusal-gate.ts';

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

describe('createRefusalGate', () => {
  it('opens at the same moment, however long the work took', async () => {
    const gate = createRefusalGate();
    const opened: Record<number, number> = {};
    await jest.advanceTimersByTimeAsync(13);
    const noted = gate.stroke;
    const arrivedMs = Date.now();
    for (const workMs of [1, 4, 9]) {
      setTimeout(() => {
        void gate.open(noted).then(() => {
          opened[workMs] = Date.now() - arrivedMs;
        });
      }, workMs);
    }
    await jest.advanceTimersByTimeAsync(100);
    expect(opened).toEqual({ 1: 17, 4: 17, 9: 17 });
    gate.close();
  });

  it('opens so much later for what might have taken so long', async () => {
    const gate = createRefusalGate();
    const open = gate.open(gate.stroke, 2_500).then(() => Date.now());
    const calledMs = Date.now();
    await jest.advanceTimersByTimeAsync(3_000);
    expect((await open) - calledMs).toBe(2_520);
    gate.close();
  });

  it('opens at once for what took longer, and for all when it is closed', async () => {
    const gate = createRefusalGate();
    const noted = gate.stroke;
    await jest.advanceTimersByTimeAsync(50);
    await gate.open(noted);
    const last = gate.open(gate.stroke);
    gate.close();
    await last;
    expect(jest.getTimerCount()).toBe(0);
  });
});
