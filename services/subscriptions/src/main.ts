import { runService } from '@owngateway/service-kit';
import { compose } from './compose.ts';
import { subscriptionsSettings } from './config.ts';

await runService({
  name: 'subscriptions',
  settings: subscriptionsSettings,
  start: ({ settings, logger, createApp, onStop, health }) =>
    compose({ settings, logger, createApp, onStop, addReadiness: health.addReadiness }),
});
