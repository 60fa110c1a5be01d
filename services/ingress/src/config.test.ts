import { loadSettings, SettingsError } from '@owngateway/service-kit';
import { ingressSettings } from './config.ts';

const RIGHT = {
  ENVIRONMENT: 'production',
  MONGO_URL: 'mongodb://127.0.0.1/owngateway',
  REDIS_URL: 'redis://127.0.0.1',
  PUBLIC_INGRESS_URL: 'https://hooks.example.com/',
  ENCRYPTION_KEYS: `1:${Buffer.alloc(32).toString('base64')}`,
  JWT_SECRET: 'a secret of tests that is long enough for HS256',
  JWT_ISSUER: 'i',
  JWT_AUDIENCE: 'a',
};

describe('ingressSettings', () => {
  it('has defaults for what need not be said', () => {
    const settings = loadSettings(ingressSettings, RIGHT);
    expect(settings).toMatchObject({ PORT: 8080, DEDUPE_DAYS: 180, QUEUE_SHARDS: 1 });
    // Without the slash at its end: some connectors sign the URL.
    expect(settings.PUBLIC_INGRESS_URL).toBe('https://hooks.example.com');
  });

  it('names every fault at once', () => {
    const wrong = { ...RIGHT, DEDUPE_DAYS: '44', MONGO_URL: 'postgres://x', REDIS_URL: '', JWT_SECRET: 'short' };
    try {
      loadSettings(ingressSettings, wrong);
      throw new Error('loaded');
    } catch (error) {
      expect(error).toBeInstanceOf(SettingsError);
      for (const name of ['DEDUPE_DAYS', 'MONGO_URL', 'REDIS_URL', 'JWT_SECRET']) {
        expect((error as Error).message).toContain(name);
      }
    }
  });
});
