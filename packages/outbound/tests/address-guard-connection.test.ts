import type { OutboundPolicy, ResolvedAddress, Resolver } from '../src/index.ts';
import { checkUrlResolves } from '../src/index.ts';
import { aRequest, LOOPBACK_POLICY, productionPolicy, withClient } from './clients.ts';
import { listenRaw, type Receiver } from './receiver.ts';

/**
 * Every refusal is proven by the listener that would have been reached: it has seen no connection. Nothing here names
 * or dials an address outside this machine.
 */
let receiver: Receiver;
beforeEach(async () => {
  receiver = await listenRaw((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'));
});

const answering = (...addresses: string[]): Resolver => ({
  resolve: async () => addresses.map((address) => ({ address })),
});

function sendTo(host: string, options: { policy?: OutboundPolicy; resolver?: Resolver } = {}) {
  const policy = options.policy ?? productionPolicy(receiver.port);
  const resolver = options.resolver ?? { resolve: () => Promise.reject(new Error('no name system in this test')) };
  return withClient({ policy, resolver }, (client) => client.send(aRequest(`http://${host}:${receiver.port}/`)));
}

const BLOCKED = { kind: 'failure', outcome: 'blocked_address', requestSent: false };

test('the listener is reached when the policy admits it', async () => {
  const options = { policy: LOOPBACK_POLICY, resolver: answering('127.0.0.1') };
  expect(await sendTo('shop.example', options)).toMatchObject({ kind: 'response', status: 200, body: 'ok' });
  expect(await sendTo('127.0.0.1', options)).toMatchObject({ kind: 'response' });
  expect(receiver.connections()).toBe(2);
});

describe('no connection is made', () => {
  afterEach(() => expect(receiver.connections()).toBe(0));

  test.each([
    ...[
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f000001',
      '0177.0.0.1',
      '0',
      '0.0.0.0',
      '１２７。０。０。１',
      'localhost',
    ],
    ...[
      '[::1]',
      '[::]',
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
      '[::127.0.0.1]',
      '[64:ff9b::7f00:1]',
      '[2002:7f00:1::]',
    ],
  ])('to %s given as the host', async (host) => {
    expect(await sendTo(host)).toMatchObject(BLOCKED);
  });

  test.each([
    ['loopback', ['127.0.0.1']],
    ['IPv6 loopback', ['::1']],
    ['nothing at all', ['0.0.0.0']],
    ['mapped loopback', ['::ffff:127.0.0.1']],
    ['a public address before loopback', ['93.184.216.34', '127.0.0.1']],
    ['loopback before a public address', ['127.0.0.1', '2606:4700::1']],
    ['metadata', ['169.254.169.254']],
    ['another name', ['localhost']],
    ['an address in disguise', ['2130706433']],
  ])('to a name that resolves to %s', async (_what, addresses) => {
    const result = await sendTo('shop.example', { resolver: answering(...addresses) });
    expect(result).toMatchObject({ ...BLOCKED, message: 'the address is not allowed' });
  });

  test.each<[string, Resolver]>([
    ['fails', { resolve: () => Promise.reject(Object.assign(new Error('queryA ESERVFAIL'), { code: 'ESERVFAIL' })) }],
    [
      'throws',
      {
        resolve: () => {
          throw new Error('broken');
        },
      },
    ],
    ['knows no address', answering()],
  ])('when the resolver %s', async (_what, resolver) => {
    const result = await sendTo('shop.example', { resolver });
    expect(result).toMatchObject({ kind: 'failure', outcome: 'dns_error', requestSent: false });
  });

  test('when the resolver takes longer than the request may', async () => {
    const resolver: Resolver = { resolve: () => new Promise(() => {}) };
    const result = await withClient({ policy: productionPolicy(receiver.port), resolver }, (client) =>
      client.send(aRequest(`http://shop.example:${receiver.port}/`, { deadlineMs: 60 })),
    );
    expect(result).toMatchObject({ kind: 'failure', outcome: 'timeout', requestSent: false });
    expect(result.durationMs).toBeLessThan(5_000);
  });

  test('when the resolver answers in the same tick', async () => {
    const loopback = [{ address: '127.0.0.1' }];
    // A thenable that answers at once, as an in-process cache could.
    const resolve = () => Promise.resolve<readonly ResolvedAddress[]>(loopback);
    expect(await sendTo('shop.example', { resolver: { resolve } })).toMatchObject(BLOCKED);
  });

  test('when a name that was public at registration has moved to loopback', async () => {
    const answers = [[{ address: '93.184.216.34' }], [{ address: '127.0.0.1' }]];
    const resolver: Resolver = { resolve: async () => answers.shift() ?? [] };
    const policy = productionPolicy(receiver.port);
    const url = `http://shop.example:${receiver.port}/`;
    expect(await checkUrlResolves(url, policy, resolver)).toMatchObject({ ok: true });
    expect(await sendTo('shop.example', { resolver })).toMatchObject(BLOCKED);
  });

  test('through a proxy that the environment names', async () => {
    const proxy = `http://127.0.0.1:${receiver.port}`;
    const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy', 'ALL_PROXY'];
    const before = names.map((name) => [name, process.env[name]] as const);
    for (const name of names) process.env[name] = proxy;
    try {
      expect(await sendTo('shop.example', { resolver: answering('127.0.0.1') })).toMatchObject(BLOCKED);
    } finally {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });

  test('through a header that frames the request or names another host', async () => {
    for (const name of ['Host', 'connection', 'Transfer-Encoding', 'content-length', 'Expect', 'upgrade']) {
      const result = await withClient({}, (client) =>
        client.send(aRequest(`http://127.0.0.1:${receiver.port}/`, { headers: { [name]: '1' } })),
      );
      expect(result).toMatchObject({ kind: 'failure', outcome: 'connection_error', requestSent: false });
    }
  });

  test.each([
    ['a line break in a value', { 'x-a': 'b\r\nx-injected: 1' }],
    ['a bad name', { 'x a': 'b' }],
    ['an empty name', { '': 'b' }],
  ])('for a request with %s', async (_what, headers) => {
    const result = await withClient({}, (client) =>
      client.send(aRequest(`http://127.0.0.1:${receiver.port}/`, { headers })),
    );
    expect(result).toMatchObject({ outcome: 'connection_error', requestSent: false });
  });
});

test('the connection goes to the address that was vetted, whatever the name says next', async () => {
  const neighbour = await listenRaw((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'), '127.0.0.2', receiver.port);
  let asked = 0;
  const resolver: Resolver = {
    resolve: async () => {
      asked += 1;
      return [{ address: asked % 2 === 1 ? '127.0.0.1' : '127.0.0.2' }];
    },
  };
  const policy = { ...LOOPBACK_POLICY, allowedPrivateRanges: ['127.0.0.1/32'] };
  const outcomes: string[] = [];
  for (let round = 0; round < 100; round += 1) {
    const result = await sendTo('shop.example', { policy, resolver });
    outcomes.push(result.kind === 'response' ? 'response' : result.outcome);
  }
  expect(new Set(outcomes.filter((_outcome, index) => index % 2 === 0))).toEqual(new Set(['response']));
  expect(new Set(outcomes.filter((_outcome, index) => index % 2 === 1))).toEqual(new Set(['blocked_address']));
  expect(receiver.connections()).toBe(50);
  expect(neighbour.connections()).toBe(0);
});

test('a dead address does not hide a living one', async () => {
  const resolver = answering('127.0.0.3', '127.0.0.1');
  expect(await sendTo('shop.example', { policy: LOOPBACK_POLICY, resolver })).toMatchObject({ status: 200 });
});

test('no message names an address', async () => {
  const closed = await listenRaw(() => {});
  await closed.close();
  const results = [
    await sendTo('shop.example', { resolver: answering('127.0.0.1') }),
    await sendTo('127.0.0.1'),
    await sendTo('shop.example'),
    await withClient({}, (client) => client.send(aRequest(`http://127.0.0.1:${closed.port}/`))),
  ];
  for (const result of results) expect(JSON.stringify(result)).not.toMatch(/127|example|\d{4,}/);
});
