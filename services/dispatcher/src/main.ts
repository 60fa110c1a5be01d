import { runService } from '@owngateway/service-kit';
import { compose } from './compose.ts';
import { dispatcherSettings } from './config.ts';

await runService({
  name: 'dispatcher',
  settings: dispatcherSettings,
  start: async (context) => {
    await compose({
      settings: context.settings,
      logger: context.logger,
      metrics: context.metrics,
      onStop: context.onStop,
      addReadiness: (name, check) => context.health.addReadiness(name, check),
      addLiveness: (name, check) => context.health.addLiveness(name, check),
    });
    // Health and metrics are all that the dispatcher listens for.
    return undefined;
  },
});
