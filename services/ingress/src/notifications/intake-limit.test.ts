import { IntakeLimit } from './intake-limit.ts';

const KIB = 1_024;
let nowMs: number;
const limitOf = (maxBytes: number) => new IntakeLimit({ maxNotifications: 2, maxBytes }, () => nowMs);

beforeEach(() => {
  nowMs = 0;
});

it('lets so many notifications in, and again when one has left', () => {
  const limit = limitOf(KIB);
  expect([limit.enter(), limit.enter(), limit.enter()]).toEqual([true, true, false]);
  limit.leave();
  expect(limit.enter()).toBe(true);
});

it('holds no more bytes than it may, and gives back what a body held', () => {
  const limit = limitOf(KIB);
  const [first, second] = [limit.begin(jest.fn()), limit.begin(jest.fn())];
  expect([first.hold(600), second.hold(600), second.hold(424), limit.bytes]).toEqual([true, false, true, KIB]);
  first.release();
  expect([limit.bytes, second.hold(600)]).toEqual([424, true]);
});

it('leaves a quarter to small bodies, whatever large ones come', () => {
  const limit = limitOf(400 * KIB);
  const large = limit.begin(jest.fn());
  expect([large.hold(300 * KIB), large.hold(33 * KIB)]).toEqual([true, false]);
  const small = [1, 2, 3].map(() => limit.begin(jest.fn()));
  expect(small.map((body) => body.hold(32 * KIB))).toEqual([true, true, true]);
  large.release();
  expect(small[0]?.hold(200 * KIB)).toBe(true);
});

it('lets the slowest make room, but none that came just now, none that is complete and not more than need be', () => {
  const limit = limitOf(30 * KIB);
  const shed: string[] = [];
  const body = (name: string) => {
    const held = limit.begin(() => {
      shed.push(name);
      held.release();
    });
    expect(held.hold(10 * KIB)).toBe(true);
    return held;
  };
  body('complete').complete();
  body('slowest');
  body('slow');
  const quick = limit.begin(jest.fn());
  expect([quick.hold(1), shed]).toEqual([false, []]);
  nowMs = 2_000;
  expect([quick.hold(1), shed]).toEqual([true, ['slowest']]);
  expect(limit.bytes).toBe(20 * KIB + 1);
});

it('asks nobody to make room who has left', () => {
  const limit = limitOf(KIB);
  const shed = jest.fn();
  const left = limit.begin(shed);
  left.hold(600);
  left.release();
  nowMs = 5_000;
  limit.begin(jest.fn()).hold(KIB);
  expect([limit.begin(jest.fn()).hold(1), shed.mock.calls]).toEqual([false, []]);
});

it('sheds nobody for one that is itself the slowest', () => {
  const limit = limitOf(KIB);
  const shed = jest.fn();
  const slowest = limit.begin(shed);
  nowMs = 5_000;
  const later = limit.begin(shed);
  later.hold(1_000);
  expect([slowest.hold(100), shed.mock.calls]).toEqual([false, []]);
});
