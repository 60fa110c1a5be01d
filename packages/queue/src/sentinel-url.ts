const SENTINEL_URL =
  /^(?<scheme>rediss?)\+sentinel:\/\/(?:(?<user>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<hosts>[^@/?]+)\/(?<name>[^/?]+)(?:\/(?<db>\d+))?$/;
const SENTINEL_PORT = 26_379;

/** What ioredis wants to know beside its other options. */
export interface SentinelOptions {
  sentinels: { host: string; port: number }[];
  name: string;
  username?: string;
  password?: string;
  db?: number;
  tls?: object;
  sentinelTLS?: object;
  enableTLSForSentinelMode?: boolean;
}

/**
 * Reads `redis+sentinel://[user:password@]host[:port],host[:port],.../name[/db]`, with `rediss+sentinel` for TLS to sentinels
 * and servers alike. Name and password are those of the servers. Null when the URL is of another kind.
 *
 * @throws TypeError when it begins like one and is none
 */
export function sentinelOptions(url: string): SentinelOptions | null {
  if (!/^rediss?\+sentinel:/.test(url)) return null;
  const parts = SENTINEL_URL.exec(url)?.groups;
  // Says nothing of what was given: it may hold a password.
  if (parts === undefined)
    throw new TypeError('A sentinel URL is redis+sentinel://[user:password@]host:port,.../name[/db]');
  const { scheme, user, password, hosts = '', name = '', db } = parts;
  return {
    sentinels: hosts.split(',').map(addressOf),
    name: decodeURIComponent(name),
    ...(user ? { username: decodeURIComponent(user) } : {}),
    ...(password === undefined ? {} : { password: decodeURIComponent(password) }),
    ...(db === undefined ? {} : { db: Number(db) }),
    ...(scheme === 'rediss' ? { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true } : {}),
  };
}

function addressOf(text: string): { host: string; port: number } {
  const [, host = text, port] = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(text) ?? [];
  return { host: host.replace(/^\[|\]$/g, ''), port: port === undefined ? SENTINEL_PORT : Number(port) };
}
