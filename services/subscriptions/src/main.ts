import { runService } from '@owngateway/service-kit';
import { compose } from './compose.ts';
import { subscriptionsSettings } from './config.ts';

await runService({
  name: 'subscriptions',
  settings: subscriptionsSettings,
  start: ({ settings, logger, metrics, createApp, onStop, health }) =>
    compose({ settings, logger, metrics, createApp, onStop, addReadiness: health.addReadiness }),
});
