import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServiceName } from '../options.ts';
import { type CpuProfile, type Frame, framesOf, type Window } from './cpu-profile.ts';
import { PROFILES } from './profiling-options.ts';

const PACKAGES_SHOWN = 18;
const FUNCTIONS_SHOWN = 40;

/**
 * Where a service's time went within a stretch of the bench, per event: by package, by who caused it, by function. Reads the
 * profiles that were written since `sinceMs` (epoch milliseconds), which they are when the service ends.
 */
export async function describeProfile(
  service: ServiceName,
  sinceMs: number,
  window: Window,
  events: number,
): Promise<string[]> {
  const frames: Frame[] = [];
  const files: string[] = [];
  for (const file of await readdir(PROFILES)) {
    const path = join(PROFILES, file);
    if (!file.startsWith(`${service}-`) || (await stat(path)).mtimeMs < sinceMs) continue;
    files.push(path);
    frames.push(...framesOf(JSON.parse(await readFile(path, 'utf8')) as CpuProfile, window));
  }
  const perEvent = (ms: number): string => ((ms * 1_000) / events).toFixed(1).padStart(8);
  const list = (title: string, keyOf: (frame: Frame) => string, shown: number): string[] => [
    `\n${title}`,
    ...summed(frames, keyOf)
      .slice(0, shown)
      .map(([key, ms]) => `${perEvent(ms)}  ${key}`),
  ];
  return [
    `Profile of ${service}: ${files.join(', ')}`,
    `${perEvent(frames.reduce((sum, it) => sum + it.selfMs, 0)).trim()} us of its main thread per event, ${events} events`,
    ...list('us per event by package, self', (it) => it.owner, PACKAGES_SHOWN),
    ...list("us per event by package, with Node's work put down to who asked for it", (it) => it.cause, PACKAGES_SHOWN),
    ...list('us per event by function, self', (it) => `${it.name}  ${it.file || it.owner}`, FUNCTIONS_SHOWN),
  ];
}

function summed(frames: readonly Frame[], keyOf: (frame: Frame) => string): [string, number][] {
  const sums = new Map<string, number>();
  for (const frame of frames) sums.set(keyOf(frame), (sums.get(keyOf(frame)) ?? 0) + frame.selfMs);
  return [...sums].sort(([, a], [, b]) => b - a);
}
