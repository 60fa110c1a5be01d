// Loaded with `NODE_OPTIONS=--import` before a service: its wall clock is CLOCK_SHIFT_MS ahead, as on a machine whose time is
// wrong. The monotonic clock goes on as it is, as it does there.
const shiftMs = Number(process.env.CLOCK_SHIFT_MS);
const RealDate = Date;
const realNow = RealDate.now.bind(RealDate);
RealDate.now = () => realNow() + shiftMs;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [target.now()] : args, newTarget),
  apply: (target) => new target(target.now()).toString(),
});
