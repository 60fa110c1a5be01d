import { setTimeout as delay } from 'node:timers/promises';
import { takeBacklog } from './figures/backlog.ts';
import type { BenchRun } from './figures/bench-run.ts';
import { takeHang } from './figures/hang.ts';
import { takeLatency } from './figures/latency.ts';
import { takeSaturated } from './figures/saturated.ts';
import { takeYardsticks } from './figures/yardsticks.ts';
import { monotonicMs } from './measure/clock.ts';
import type { BenchOptions } from './options.ts';
import type { Figures } from './report/results.ts';

/** Enough for V8 to have compiled what matters and for every connection to be open. */
const WARM_UP_EVENTS = 3_000;
const ACCEPT_EVENTS = 10_000;
const BACKLOG_EVENTS = 10_000;
const STEADY = [
  { perSecond: 50, seconds: 10 },
  { perSecond: 200, seconds: 15 },
  { perSecond: 500, seconds: 10 },
];

/**
 * For some seconds after a subscription was changed every look at what has changed finds it again (rule 3), which costs. Merchants
 * change theirs seldom, so the figures are taken when that is over.
 */
const CHANGES_ARE_OLD_AFTER_MS = 20_000;

/** Lets the gateway warm up; part of no figure. */
export async function warmUp(run: BenchRun): Promise<void> {
  run.log('warming up');
  await takeSaturated(run, WARM_UP_EVENTS);
}

/** Takes the figures that were asked for, one after the other, the yardsticks first. */
export async function takeFigures(run: BenchRun, { only, events, profile }: BenchOptions): Promise<Figures> {
  const figures: Figures = {};
  const wanted = (name: BenchOptions['only'][number], what: string): boolean => {
    if (only.includes(name)) run.log(what);
    return only.includes(name);
  };
  if (profile === null) {
    run.log('the instruments on their own');
    figures.yardsticks = await takeYardsticks(run);
  }
  await delay(Math.max(0, run.createdAtMs + CHANGES_ARE_OLD_AFTER_MS - monotonicMs()));
  if (wanted('accept', 'accepting at concurrency 50')) figures.accept = await takeSaturated(run, ACCEPT_EVENTS);
  if (wanted('deliver', `delivering ${events} events end to end`)) figures.deliver = await takeSaturated(run, events);
  if (wanted('backlog', 'draining a backlog')) figures.backlog = await takeBacklog(run, BACKLOG_EVENTS);
  if (wanted('latency', 'steady rates')) {
    figures.latency = [];
    for (const { perSecond, seconds } of STEADY) figures.latency.push(await takeLatency(run, perSecond, seconds));
  }
  if (wanted('hang', 'one of ten endpoints hanging')) figures.hang = await takeHang(run);
  return figures;
}
