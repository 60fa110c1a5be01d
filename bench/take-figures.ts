import { setTimeout as delay } from 'node:timers/promises';
import { takeBacklog } from './figures/backlog.ts';
import type { BenchRun } from './figures/bench-run.ts';
import { takeHang } from './figures/hang.ts';
import { type LatencyFigure, takeLatency } from './figures/latency.ts';
import { takeSaturated } from './figures/saturated.ts';
import { takeYardsticks } from './figures/yardsticks.ts';
import { monotonicMs } from './measure/clock.ts';
import { type BenchOptions, FIGURES, type FigureName } from './options.ts';
import type { Figures } from './report/results.ts';

/** Enough for V8 to have compiled what matters and for every connection to be open. */
const WARM_UP_EVENTS = 3_000;
const ACCEPT_EVENTS = 10_000;
const ACCEPT_CONCURRENCY = 50;

/** So many connectors at once that nothing in the gateway ever waits for the next notification. */
const SATURATING = 200;
const BACKLOG_EVENTS = 10_000;
const STEADY = [
  { perSecond: 50, seconds: 10 },
  { perSecond: 200, seconds: 15 },
  { perSecond: 500, seconds: 10 },
];

const ANNOUNCED: Readonly<Record<FigureName, string>> = {
  accept: 'accepting at concurrency 50',
  deliver: 'delivering end to end, saturated',
  backlog: 'draining a backlog',
  latency: 'steady rates',
  hang: 'one of ten endpoints hanging',
};

/**
 * For some seconds after a subscription was changed every look at what has changed finds it again (rule 3), which costs. Merchants
 * change theirs seldom, so the figures are taken when that is over.
 */
const CHANGES_ARE_OLD_AFTER_MS = 20_000;

/** Lets the gateway warm up; part of no figure. */
export async function warmUp(run: BenchRun): Promise<void> {
  run.log('warming up');
  await takeSaturated(run, WARM_UP_EVENTS, SATURATING);
}

/**
 * Takes the figures that were asked for, one after the other, the yardsticks first. A figure that fails says why, and the others
 * are taken all the same.
 */
export async function takeFigures(run: BenchRun, { only, events, profile }: BenchOptions): Promise<Figures> {
  const figures: Figures = { failed: {} };
  if (profile === null) {
    run.log('the instruments on their own');
    figures.yardsticks = await takeYardsticks(run);
  }
  await delay(Math.max(0, run.createdAtMs + CHANGES_ARE_OLD_AFTER_MS - monotonicMs()));
  for (const name of FIGURES) {
    if (!only.includes(name)) continue;
    run.log(ANNOUNCED[name]);
    try {
      Object.assign(figures, await takeOne(run, name, events));
    } catch (error) {
      figures.failed[name] = error instanceof Error ? error.message : String(error);
    }
  }
  return figures;
}

async function takeOne(run: BenchRun, name: FigureName, events: number): Promise<Partial<Figures>> {
  switch (name) {
    case 'accept':
      return { accept: await takeSaturated(run, ACCEPT_EVENTS, ACCEPT_CONCURRENCY) };
    case 'deliver':
      return { deliver: await takeSaturated(run, events, SATURATING) };
    case 'backlog':
      return { backlog: await takeBacklog(run, BACKLOG_EVENTS) };
    case 'latency':
      return { latency: await takeSteady(run) };
    case 'hang':
      return { hang: await takeHang(run) };
  }
}

async function takeSteady(run: BenchRun): Promise<LatencyFigure[]> {
  const taken: LatencyFigure[] = [];
  for (const { perSecond, seconds } of STEADY) taken.push(await takeLatency(run, perSecond, seconds));
  return taken;
}
