import { randomBytes } from 'node:crypto';
import type { Found } from './dumps.ts';

/** A text that goes into the gateway at one place, to be looked for at all others. */
export interface Canary {
  name: string;
  value: string;
  /** Where it belongs: it must be found at the first of these, or the search itself is blind; nowhere means nowhere. */
  home: readonly RegExp[];
}

/** Numbers that schemes and processors publish for tests; none belongs to anybody. */
const CARDS = {
  notification: '4000056655665556',
  raised: '5200828282828210',
  answer: '4242424242424242',
  path: '6011000990139424',
};

const random = (kind: string) => `canary-${kind}-${randomBytes(9).toString('hex')}`;
const signingSecret = () => `whsec_${randomBytes(24).toString('hex')}`;

/** What notifications and events say may stand where the bytes are kept that came and that are sent, and nowhere else. */
const NOTIFICATION = [/^mongo:notifications\.body$/, /^mongo:events\.body$/];

/** Everything that is put in, by where it goes in. */
export function makeCanaries() {
  const nowhere = (name: string, value = random(name)): Canary => ({ name, value, home: [] });
  const at = (name: string, home: readonly RegExp[], value = random(name)): Canary => ({ name, value, home });
  return {
    notification: {
      credential: nowhere('connector-credential', signingSecret()),
      secondCredential: nowhere('second-connector-credential', signingSecret()),
      authorization: nowhere('authorization'),
      cookie: nowhere('cookie'),
      apiKey: nowhere('api-key-header'),
      refusedBody: nowhere('refused-body'),
      malformedBody: at('malformed-body', [/^mongo:notifications\.body$/]),
      payload: at('notification-payload', NOTIFICATION),
      card: at('notification-card', NOTIFICATION, CARDS.notification),
      query: at('notification-query', [/^mongo:notifications\.query$/]),
      pathCard: nowhere('path-card', CARDS.path),
    },
    raised: {
      payload: at('raised-payload', [/^mongo:events\.body$/]),
      card: at('raised-card', [/^mongo:events\.body$/], CARDS.raised),
      idempotencyKey: nowhere('idempotency-key'),
      ownKey: nowhere('event-idempotency-key'),
    },
    subscription: {
      password: nowhere('password'),
      token: nowhere('token'),
      headerValue: nowhere('header-value'),
      // Shown to its owner, who set it; sealed in MongoDB all the same.
      customHeader: at('custom-header', [/^api:GET \/v1\/subscriptions/]),
      urlQuery: at('url-query', [/^mongo:subscriptions\.url$/, /^mongo:deliveries\.url$/, /^api:GET \/v1\//]),
      refusedUrl: nowhere('refused-url-password'),
      refusedField: nowhere('refused-field'),
      malformedJson: nowhere('malformed-json'),
      idempotencyKey: nowhere('subscription-idempotency-key'),
    },
    token: { refused: nowhere('refused-token') },
    answer: {
      body: at('answer-body', [/^mongo:deliveries\.attempts\.response_body$/, /^api:GET \/v1\/deliveries/]),
      card: nowhere('answer-card', CARDS.answer),
      cookie: nowhere('answer-cookie'),
    },
  };
}

/** Somewhere that a canary was found and does not belong. */
export interface Hit {
  canary: string;
  where: string;
}

/** Every place with a canary that does not belong there, in clear or in an encoding that anybody undoes. */
export function hitsIn(canaries: readonly Canary[], found: readonly Found[]): Hit[] {
  return canaries.flatMap(({ name, value, home }) =>
    found
      .filter(
        ({ where, text }) =>
          !home.some((place) => place.test(where)) && spellings(value).some((one) => text.includes(one)),
      )
      .map(({ where }) => ({ canary: name, where })),
  );
}

/** Canaries that are not where they must be: whoever finds nothing there would find nothing anywhere. */
export function missingAtHome(canaries: readonly Canary[], found: readonly Found[]): string[] {
  return canaries
    .filter(
      ({ value, home: [first] }) =>
        first && !found.some(({ where, text }) => first.test(where) && text.includes(value)),
    )
    .map(({ name }) => name);
}

function spellings(value: string): string[] {
  const bytes = Buffer.from(value);
  return [
    value,
    bytes.toString('hex'),
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
    ...inBase64(bytes),
  ];
}

/** Base64 of the value at each of the three places that it can begin at within something longer, without the uncertain ends. */
function inBase64(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const sure = whole.slice(shift === 0 ? 0 : 4, -4);
    return [sure, sure.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
