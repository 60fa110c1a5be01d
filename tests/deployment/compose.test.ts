import { loadSettings } from '@owngateway/service-kit';
import { compose, composeText, environmentOf, exampleText, variablesOf } from './compose-file.ts';
import { defaultOf, longestRequestMs, services, WRITING_MS } from './services.ts';

const SECRETS = { ENCRYPTION_KEYS: `1:${Buffer.alloc(32, 7).toString('base64')}`, JWT_SECRET: 'x'.repeat(32) };
const STORES = ['mongo', 'redis'];

const composed = (name: string) => {
  const found = compose.services[name];
  if (found === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
};

describe.each(services)('compose: $name', (service) => {
  const { name, definition, settings } = service;

  it('starts with nothing but the two secrets', () => {
    expect(() => loadSettings(definition, environmentOf(name, SECRETS))).not.toThrow();
  });

  it('is given no setting that it does not know', () => {
    const known = new Set(settings.map((setting) => setting.name));
    expect(Object.keys(environmentOf(name, SECRETS)).filter((given) => !known.has(given))).toEqual([]);
  });

  it('is given every setting, but the address to listen on', () => {
    const given = Object.keys(environmentOf(name, SECRETS));
    expect(settings.map((setting) => setting.name).filter((wanted) => !given.includes(wanted))).toEqual(['HOST']);
  });

  it('gets the defaults that the code has, where a variable is left out', () => {
    const { METRICS_PORT: _ours, SHUTDOWN_GRACE_MS: _longer, ...given } = environmentOf(name, SECRETS);
    for (const [setting, value] of Object.entries(given)) {
      const byCode = defaultOf(service, setting);
      if (byCode !== null) expect({ setting, value }).toEqual({ setting, value: byCode });
    }
  });

  it('publishes the port that it listens on, if anybody calls it', () => {
    const port = environmentOf(name, SECRETS).PORT;
    const published = composed(name).ports.map((mapping) => mapping.split(':').at(-1));
    expect(published).toEqual(service.isCalled ? [port] : []);
  });

  it('is asked on its metrics port whether it is ready', () => {
    const { METRICS_PORT: port } = environmentOf(name, SECRETS);
    expect(composed(name).healthcheck.test.join(' ')).toContain(`http://127.0.0.1:${port}/readyz`);
  });

  it('waits until both stores are healthy', () => {
    const healthy = { condition: 'service_healthy' };
    expect(composed(name).depends_on).toEqual({ mongo: healthy, redis: healthy });
  });

  it('has time to stop', () => {
    const graceMs = Number(environmentOf(name, SECRETS).SHUTDOWN_GRACE_MS);
    const killedAfterMs = 1000 * Number(/^(\d+)s$/.exec(composed(name).stop_grace_period ?? '')?.[1]);
    expect(killedAfterMs).toBeGreaterThanOrEqual(graceMs + 5_000);
  });

  it('runs its own code, without rights and without writing', () => {
    expect(composed(name)).toMatchObject({
      command: [`services/${name}/src/main.ts`],
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
  });
});

describe('compose', () => {
  it.each(['ENCRYPTION_KEYS', 'JWT_SECRET'])('refuses to start anything without %s', (name) => {
    const rest = Object.fromEntries(Object.entries(SECRETS).filter(([other]) => other !== name));
    expect(() => environmentOf('ingress', rest)).toThrow(`required variable ${name}`);
    expect(variablesOf(composeText).filter((variable) => variable.name === name)).toHaveLength(1);
  });

  it('lets public keys stand in for JWT_SECRET', () => {
    const environment = environmentOf('ingress', {
      ...SECRETS,
      JWT_SECRET: '',
      JWT_JWKS_URL: 'https://id.example/jwks.json',
    });
    const ingress = services.find((service) => service.name === 'ingress');
    expect(() => loadSettings(ingress?.definition ?? { shape: {}, rules: [] }, environment)).not.toThrow();
  });

  it('gives a secret no default', () => {
    const secret = new Set(services.flatMap(({ settings }) => settings.filter((it) => it.secret)).map((it) => it.name));
    const defaults = variablesOf(composeText).filter(({ name, operator }) => secret.has(name) && operator === ':-');
    // The addresses of its own stores, which have no password.
    expect(defaults.map(({ name }) => name)).toEqual(['MONGO_URL', 'REDIS_URL']);
    expect(defaults.every(({ text }) => !text.includes('@'))).toBe(true);
  });

  it('lets the dispatcher finish the longest request before it stops', () => {
    const graceMs = Number(environmentOf('dispatcher', SECRETS).SHUTDOWN_GRACE_MS);
    expect(graceMs).toBeGreaterThanOrEqual(longestRequestMs() + WRITING_MS);
  });

  it('keeps the stores to itself, each with a health check', () => {
    expect(compose.networks.stores?.internal).toBe(true);
    for (const store of STORES) {
      expect(composed(store)).toMatchObject({ ports: [], networks: ['stores'] });
      expect(composed(store).healthcheck.test.length).toBeGreaterThan(1);
    }
  });

  it('has a Redis that keeps its jobs', () => {
    const command = composed('redis').command.join(' ');
    expect(command).toContain('--appendonly yes');
    expect(command).toContain('--maxmemory-policy noeviction');
  });

  it('names a version of every image', () => {
    for (const { image } of Object.values(compose.services)) expect(image).toMatch(/:(?!latest).+/);
  });
});

describe('.env.example', () => {
  it('lists every variable of the compose file with its default, and no other', () => {
    const listed = new Map([...exampleText.matchAll(/^#([A-Z_]+)=(.*)$/gm)].map(([, name = '', text]) => [name, text]));
    const variables = variablesOf(composeText);
    expect([...listed.keys()].sort()).toEqual([...new Set(variables.map(({ name }) => name))].sort());
    for (const { name, operator, text } of variables) {
      if (operator.endsWith('-')) expect({ name, text: listed.get(name) }).toEqual({ name, text });
    }
  });

  it('sets nothing, so that no example secret is ever used', () => {
    expect(exampleText.match(/^[A-Z_]+=/gm)).toBeNull();
  });
});
