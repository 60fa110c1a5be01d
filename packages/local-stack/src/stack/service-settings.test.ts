import { serviceNames, settingsFor } from './service-settings.ts';

const all = {
  MONGO_URL: 'm',
  JWT_SECRET: 's',
  PUBLIC_API_URL: 'a',
  ALLOWED_PRIVATE_RANGES: 'r',
  DELIVERY_CONCURRENCY: '1',
};

test('each service is given the settings that it reads and no others', () => {
  expect(settingsFor('ingress', all)).toEqual({ MONGO_URL: 'm', JWT_SECRET: 's', ALLOWED_PRIVATE_RANGES: 'r' });
  expect(settingsFor('subscriptions', all)).not.toHaveProperty('DELIVERY_CONCURRENCY');
  expect(settingsFor('dispatcher', all)).toEqual({
    MONGO_URL: 'm',
    ALLOWED_PRIVATE_RANGES: 'r',
    DELIVERY_CONCURRENCY: '1',
  });
  expect(serviceNames).toHaveLength(3);
});
