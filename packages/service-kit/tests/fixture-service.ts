import { defineSettings, runService, serviceFields } from '../src/index.ts';

// A service as small as one can be, for the tests that need a real process.
await runService({
  name: 'fixture',
  settings: defineSettings(serviceFields),
  start: async ({ onStop, logger }) => {
    onStop('step', () => logger.info('step stopped'));
    if (process.argv[2] === 'reject') setTimeout(() => void Promise.reject(new Error('nobody waits for this')), 10);
    return undefined;
  },
});
