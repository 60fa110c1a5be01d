import {
  booleanSetting,
  cidrListSetting,
  defineSettings,
  durationMsSetting,
  fields,
  integerSetting,
  listSettings,
  loadSettings,
  optional,
  privateRangesOnlyInSandbox,
  publicUrlSetting,
  type SettingFault,
  SettingsError,
  sendingFields,
  serviceFields,
  startSummary,
  textSetting,
  withDefault,
} from '../index.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');
const definition = defineSettings({
  ENVIRONMENT: fields.environment,
  PORT: withDefault(serviceFields.PORT, '8081'),
  MONGO_URL: fields.mongoUrl,
  ENCRYPTION_KEYS: fields.encryptionKeys,
  SUPPORT_CONTACT: optional(fields.supportContact),
});
const env = {
  ENVIRONMENT: 'sandbox',
  MONGO_URL: 'mongodb://user:hunter2@db-1,db-2/webhooks?authSource=admin',
  ENCRYPTION_KEYS: `1:${KEY},2:${Buffer.alloc(32, 8).toString('base64')}`,
};

function faultsOf(run: () => unknown): readonly SettingFault[] {
  try {
    run();
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
  return [];
}

describe('loadSettings', () => {
  it('reads typed values, defaults and absent optional ones', () => {
    const values = loadSettings(definition, env);
    expect(values.PORT).toBe(8081);
    expect(values.SUPPORT_CONTACT).toBeUndefined();
    expect(values.ENCRYPTION_KEYS.map(({ version, key }) => [version, key.length])).toEqual([
      [1, 32],
      [2, 32],
    ]);
  });

  it('takes an empty variable for a missing one', () => {
    expect(loadSettings(definition, { ...env, PORT: '' }).PORT).toBe(8081);
    expect(faultsOf(() => loadSettings(definition, { ...env, MONGO_URL: '' }))).toMatchObject([
      { name: 'MONGO_URL', problem: 'is missing' },
    ]);
  });

  it('names every fault in one message', () => {
    const wrong = { ENVIRONMENT: 'prod', PORT: '80a', ENCRYPTION_KEYS: '1:short' };
    const load = () => loadSettings(definition, wrong);
    expect(faultsOf(load).map(({ name }) => name)).toEqual(['ENVIRONMENT', 'PORT', 'MONGO_URL', 'ENCRYPTION_KEYS']);
    expect(load).toThrow('4 settings are wrong');
    expect(load).toThrow('ENVIRONMENT: is "prod": neither sandbox nor production\n    expected: sandbox or production');
  });

  it('never quotes a secret', () => {
    const wrong = { ...env, MONGO_URL: 'postgres://hunter2', ENCRYPTION_KEYS: '1:hunter2' };
    const texts = faultsOf(() => loadSettings(definition, wrong)).map((fault) => JSON.stringify(fault));
    expect(texts).toHaveLength(2);
    expect(texts.join()).not.toContain('hunter2');
  });

  describe('from files', () => {
    const { MONGO_URL, ...rest } = env;
    const fromFile = { ...rest, MONGO_URL_FILE: '/run/secrets/mongo' };

    it('reads a secret and drops the newline at its end', () => {
      const paths: string[] = [];
      const read = (path: string) => {
        paths.push(path);
        return `${MONGO_URL}\n`;
      };
      expect(loadSettings(definition, fromFile, read).MONGO_URL).toBe(MONGO_URL);
      expect(paths).toEqual(['/run/secrets/mongo']);
    });

    it('says why a file cannot be read', () => {
      const missing = { ...rest, MONGO_URL_FILE: '/does/not/exist' };
      expect(faultsOf(() => loadSettings(definition, missing))).toMatchObject([
        { name: 'MONGO_URL', problem: 'the file that MONGO_URL_FILE names cannot be read (ENOENT)' },
      ]);
    });

    it('refuses a variable and its file together, and takes an empty file for a missing value', () => {
      const both = () => loadSettings(definition, { ...env, ...fromFile }, () => '');
      expect(faultsOf(both)).toMatchObject([{ problem: 'is set, and so is MONGO_URL_FILE' }]);
      const empty = () => loadSettings(definition, fromFile, () => '\n');
      expect(faultsOf(empty)).toMatchObject([{ name: 'MONGO_URL', problem: 'is missing' }]);
    });

    it('is for secrets only', () => {
      const values = loadSettings(definition, { ...env, PORT_FILE: '/x' }, () => '1');
      expect(values.PORT).toBe(8081);
    });
  });

  it('refuses a production process without certificate checks', () => {
    const production = { ...env, ENVIRONMENT: 'production' };
    expect(
      faultsOf(() => loadSettings(definition, { ...production, NODE_TLS_REJECT_UNAUTHORIZED: '0' })),
    ).toMatchObject([{ name: 'NODE_TLS_REJECT_UNAUTHORIZED' }]);
    expect(() => loadSettings(definition, { ...env, NODE_TLS_REJECT_UNAUTHORIZED: '0' })).not.toThrow();
    expect(() => loadSettings(definition, production)).not.toThrow();
  });
});

describe('the settings of services that judge delivery addresses', () => {
  const sending = defineSettings({ ENVIRONMENT: fields.environment, ...sendingFields }, [privateRangesOnlyInSandbox]);
  const ranges = { ALLOWED_PRIVATE_RANGES: '10.0.0.0/8' };

  it('refuse private ranges in production instead of ignoring them', () => {
    expect(faultsOf(() => loadSettings(sending, { ENVIRONMENT: 'production', ...ranges }))).toMatchObject([
      { name: 'ALLOWED_PRIVATE_RANGES', expected: 'not set in production' },
    ]);
    expect(() => loadSettings(sending, { ENVIRONMENT: 'production', ALLOWED_PRIVATE_RANGES: '' })).not.toThrow();
    expect(loadSettings(sending, { ENVIRONMENT: 'sandbox', ...ranges })).toMatchObject({
      ALLOWED_PRIVATE_RANGES: ['10.0.0.0/8'],
    });
  });

  it.each([
    ['ALLOWED_PORTS', '9443, 10443', [9443, 10443]],
    ['DNS_SERVERS', '127.0.0.1:5353', ['127.0.0.1:5353']],
    ['DNS_SERVERS', '10.0.0.53,fd00::53,[fd00::53]:5353', ['10.0.0.53', 'fd00::53', '[fd00::53]:5353']],
  ] as const)('read %s=%s', (name, text, value) => {
    expect(loadSettings(sending, { ENVIRONMENT: 'sandbox', [name]: text })[name]).toEqual(value);
  });

  it.each([
    ['ALLOWED_PORTS', '0'],
    ['ALLOWED_PORTS', '65536'],
    ['ALLOWED_PORTS', '9443,'],
    ['DNS_SERVERS', 'dns.example'],
    ['DNS_SERVERS', '10.0.0.53:0'],
    ['DNS_SERVERS', '10.0.0.53:99999'],
    ['DNS_SERVERS', '[10.0.0.53]:53'],
    ['DNS_SERVERS', '10.0.0.53,'],
  ])('refuse %s=%s', (name, text) => {
    expect(faultsOf(() => loadSettings(sending, { ENVIRONMENT: 'sandbox', [name]: text }))).toMatchObject([{ name }]);
  });
});

describe('the forms of values', () => {
  const forms = defineSettings({
    INTEGER: optional(integerSetting({ description: '', min: 1, max: 10 })),
    DURATION_MS: optional(durationMsSetting({ description: '', minMs: 0, maxMs: 5000 })),
    BOOLEAN: optional(booleanSetting({ description: '' })),
    CIDRS: optional(cidrListSetting({ description: '' })),
    URL: optional(publicUrlSetting({ description: '' })),
    TEXT: optional(textSetting({ description: '' })),
    REDIS: optional(fields.redisUrl),
    KEYS: optional(fields.encryptionKeys),
    PREFIX: optional(fields.queuePrefix),
    HOST: serviceFields.HOST,
  });

  it.each([
    ['INTEGER', '10', 10],
    ['DURATION_MS', '0', 0],
    ['BOOLEAN', 'true', true],
    ['BOOLEAN', 'false', false],
    ['CIDRS', '127.0.0.0/8, ::1/128', ['127.0.0.0/8', '::1/128']],
    ['URL', 'https://hooks.example.com/', 'https://hooks.example.com'],
    ['URL', 'http://127.0.0.1:8080/base', 'http://127.0.0.1:8080/base'],
    ['TEXT', ' a b ', ' a b '],
    ['REDIS', 'rediss://cache:6380/2', 'rediss://cache:6380/2'],
    ['PREFIX', 'og_test-1', 'og_test-1'],
    ['HOST', '::1', '::1'],
  ] as const)('reads %s=%s', (name, text, value) => {
    expect(loadSettings(forms, { [name]: text })[name]).toEqual(value);
  });

  it.each([
    ['INTEGER', '0'],
    ['INTEGER', '11'],
    ['INTEGER', '1e1'],
    ['INTEGER', '0x5'],
    ['INTEGER', ' 5'],
    ['INTEGER', '-1'],
    ['DURATION_MS', '5s'],
    ['BOOLEAN', 'yes'],
    ['BOOLEAN', '1'],
    ['CIDRS', '10.0.0.0'],
    ['CIDRS', '10.0.0.0/33'],
    ['CIDRS', '10.0.0.0/8,'],
    ['URL', 'hooks.example.com'],
    ['URL', 'ftp://hooks.example.com'],
    ['URL', 'https://user:pass@hooks.example.com'],
    ['URL', 'https://hooks.example.com?x=1'],
    ['REDIS', 'redis://'],
    ['REDIS', 'http://cache'],
    ['KEYS', KEY],
    ['KEYS', `1:${KEY},1:${KEY}`],
    ['KEYS', `1:${Buffer.alloc(16).toString('base64')}`],
    ['PREFIX', 'a:b'],
    ['HOST', 'localhost'],
  ])('refuses %s=%s', (name, text) => {
    expect(faultsOf(() => loadSettings(forms, { [name]: text }))).toMatchObject([{ name }]);
  });
});

describe('listSettings and startSummary', () => {
  it('describe every setting for the documentation', () => {
    const rows = listSettings(definition);
    expect(rows.map(({ name, required, secret, file, default: text }) => [name, required, secret, file, text])).toEqual(
      [
        ['ENVIRONMENT', true, false, false, null],
        ['PORT', false, false, false, '8081'],
        ['MONGO_URL', true, true, true, null],
        ['ENCRYPTION_KEYS', true, true, true, null],
        ['SUPPORT_CONTACT', false, false, false, null],
      ],
    );
    expect(rows.every(({ description, expected }) => description !== '' && expected !== '')).toBe(true);
  });

  it('show what a service runs with, without its secrets', () => {
    expect(startSummary(definition, loadSettings(definition, env))).toEqual({
      ENVIRONMENT: 'sandbox',
      PORT: '8081',
      MONGO_URL: 'mongodb://db-1,db-2/webhooks',
      ENCRYPTION_KEYS: 'versions 1, 2',
      SUPPORT_CONTACT: '(none)',
    });
  });
});
