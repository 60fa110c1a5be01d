import { createLogger } from '../index.ts';

function logged(write: (logger: ReturnType<typeof createLogger>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  write(createLogger({ service: 'test', level: 'info', destination }));
  return lines.map((line) => JSON.parse(line));
}

const CANARY = 'canary-4242';

describe('createLogger', () => {
  it('writes one JSON line with level, time, service and the ids of its children', () => {
    const [line] = logged((logger) =>
      logger.child({ eventId: 'evt_1' }).child({ deliveryId: 'dlv_1' }).info({ n: 1 }, 'hi'),
    );
    expect(line).toMatchObject({
      level: 'info',
      service: 'test',
      eventId: 'evt_1',
      deliveryId: 'dlv_1',
      n: 1,
      msg: 'hi',
    });
    expect(new Date(String(line?.time)).getTime()).toBeGreaterThan(0);
  });

  it('keeps to its level', () => {
    expect(logged((logger) => logger.debug('quiet'))).toEqual([]);
  });

  it.each([
    ['a header', { headers: { Authorization: CANARY, 'Set-Cookie': [CANARY], cookie: CANARY, 'X-Signature': CANARY } }],
    ['a request', { req: { headers: { authorization: `Bearer ${CANARY}` }, body: { card: CANARY } } }],
    ['credentials', { account: { credentials: [{ signing_secret: CANARY }] } }],
    ['a password', { subscription: { authentication: { username: CANARY, password: CANARY } } }],
    ['a secret in a list', { items: [{ deep: { webhook_secret: CANARY } }] }],
    ['a payload', { payload: CANARY, rawBody: Buffer.from(CANARY), response_body: CANARY }],
    ['bytes under any name', { data: new Uint8Array(Buffer.from(CANARY)) }],
    ['what is too deep to look at', { a: { b: { c: { d: { e: { f: { g: { h: CANARY } } } } } } } }],
    ['an object that turns itself into JSON', { model: { toJSON: () => ({ secret: CANARY }) } }],
    ['what a library hangs on an error', { err: Object.assign(new Error('x'), { config: { headers: CANARY } }) }],
    ['the same on a cause', { err: new Error('x', { cause: Object.assign(new Error('y'), { response: CANARY }) }) }],
    ['the same under another name', { reason: Object.assign(new Error('x'), { config: CANARY }) }],
  ])('never writes %s', (_what, fields) => {
    const bytes = [...Buffer.from(CANARY)].join();
    const text = JSON.stringify(logged((logger) => logger.warn(fields, 'line')));
    expect(text).toContain('line');
    expect(text).not.toContain(CANARY);
    expect(text).not.toContain(bytes);
  });

  it('never writes a secret that a child was given', () => {
    const text = JSON.stringify(logged((logger) => logger.child({ secret: CANARY, token: CANARY }).info('line')));
    expect(text).toContain('[redacted]');
    expect(text).not.toContain(CANARY);
  });

  it('drops what may be a card number from texts, errors and lists, and leaves ids findable', () => {
    const card = '4111111111111111';
    const eventId = `evt_${card}${card}`;
    const cause = new Error(`cause ${card}`);
    const [line] = logged((logger) =>
      logger.warn({
        eventId,
        list: [`4111 1111 1111 1111`],
        n: { text: `x ${card}` },
        err: new Error(card, { cause }),
      }),
    );
    expect(line).toMatchObject({ eventId, n: { text: 'x [number removed]' }, list: ['[number removed]'] });
    const { eventId: _id, ...rest } = line ?? {};
    expect(JSON.stringify(rest).replaceAll(' ', '')).not.toContain(card);
  });

  it('writes what is harmless', () => {
    const at = new Date(0);
    const [line] = logged((logger) => logger.info({ at, list: [1, 'a', null], nested: { ok: true }, none: undefined }));
    expect(line).toMatchObject({ at: at.toISOString(), list: [1, 'a', null], nested: { ok: true } });
  });

  it('describes errors with their causes', () => {
    const cause = Object.assign(new RangeError('inner'), { code: 'E_INNER' });
    const [given, direct] = logged((logger) => {
      logger.error({ err: new Error('outer', { cause }) }, 'failed');
      logger.error(new Error('direct'));
    });
    expect(given).toMatchObject({
      err: { type: 'Error', message: 'outer', cause: { type: 'RangeError', message: 'inner', code: 'E_INNER' } },
    });
    expect(direct).toMatchObject({ err: { message: 'direct' }, msg: 'direct' });
    expect(JSON.stringify(direct)).toContain('logger.test.ts');
  });
});
