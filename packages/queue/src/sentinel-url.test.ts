import { sentinelOptions } from './sentinel-url.ts';

describe('a URL of sentinels', () => {
  it('names them, the primary, who asks and the database', () => {
    expect(sentinelOptions('redis+sentinel://app:p%40ss@one:1,two,[::1]:3/main/4')).toEqual({
      sentinels: [
        { host: 'one', port: 1 },
        { host: 'two', port: 26_379 },
        { host: '::1', port: 3 },
      ],
      name: 'main',
      username: 'app',
      password: 'p@ss',
      db: 4,
    });
  });

  it('needs neither credentials nor a database, and may ask for TLS', () => {
    expect(sentinelOptions('rediss+sentinel://:secret@one:1/main')).toEqual({
      sentinels: [{ host: 'one', port: 1 }],
      name: 'main',
      password: 'secret',
      tls: {},
      sentinelTLS: {},
      enableTLSForSentinelMode: true,
    });
  });

  it.each(['redis://one:6379/0', 'rediss://user:secret@one'])('is not %s', (url) => {
    expect(sentinelOptions(url)).toBeNull();
  });

  it.each(['redis+sentinel://one:1', 'redis+sentinel:///main', 'redis+sentinel://u:secret@one:1/main/x'])(
    'is refused when it is %s, without telling its password',
    (url) => {
      expect(() => sentinelOptions(url)).toThrow(TypeError);
      expect(() => sentinelOptions(url)).not.toThrow(/secret/);
    },
  );
});
