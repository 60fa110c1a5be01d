import type { Health } from '../health/health.ts';
import type { Logger } from '../logger/logger.ts';
import type { Listening } from './listen.ts';

/** Something that must be ended when the service stops. */
export interface StopStep {
  name: string;
  stop: () => unknown;
}

/**
 * Stops a service within `graceMs` in all: not ready, no new requests, then the steps one after the other, the last
 * added first (what was started last rests on what was started before). A step that fails does not keep the others
 * from running. Answers whether everything ended well and in time.
 */
export async function shutDown(options: {
  graceMs: number;
  health: Health;
  logger: Logger;
  servers: readonly Listening[];
  steps: readonly StopStep[];
}): Promise<boolean> {
  const { graceMs, health, logger, servers, steps } = options;
  health.setStopping();
  let clean = true;
  let current = 'requests in flight';

  async function stopAll(): Promise<void> {
    await Promise.all(servers.map((server) => server.close()));
    for (const step of steps.toReversed()) {
      current = step.name;
      try {
        await step.stop();
      } catch (error) {
        clean = false;
        logger.error({ err: error, step: step.name }, 'could not stop cleanly');
      }
    }
  }

  let timer: NodeJS.Timeout | undefined;
  const outOfTime = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), graceMs);
  });
  const outcome = await Promise.race([stopAll(), outOfTime]);
  clearTimeout(timer);
  if (outcome !== 'late') return clean;
  logger.error({ waitingFor: current, graceMs }, 'the grace for stopping is over');
  for (const server of servers) server.closeNow();
  return false;
}
