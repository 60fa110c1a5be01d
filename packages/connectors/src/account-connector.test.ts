import { connectorForNew, connectorOf } from './account-connector.ts';

const definition = { signature: { algorithm: 'static', header: 'x-token' }, event_type: 'type', mapping: [] };
const nameOf = (found: ReturnType<typeof connectorForNew>) => (typeof found === 'object' ? found.name : found);

describe('the connector of an account', () => {
  it.each([
    ['stripe', { tolerance_s: 300 }, 'stripe'],
    ['paystack', {}, 'paystack'],
    ['acme-pay', definition, 'generic'],
    // A later release has a connector of this name: the account keeps what it said.
    ['stripe', definition, 'generic'],
    ['retired', {}, undefined],
    ['retired', null, undefined],
  ])('%s with %j is %s', (connector, settings, expected) => {
    expect(nameOf(connectorOf({ connector, settings }))).toBe(expected);
  });
});

describe('the connector of a new account', () => {
  it.each([
    ['stripe', undefined, 'stripe'],
    ['stripe', { tolerance_s: 300 }, 'stripe'],
    ['stripe', definition, 'reserved'],
    ['paystack', definition, 'reserved'],
    ['generic', definition, 'generic'],
    ['acme-pay', definition, 'generic'],
    ['acme-pay', { signatur: {} }, 'generic'],
    ['acme-pay', undefined, undefined],
    ['acme-pay', {}, undefined],
    ['Acme', definition, undefined],
    ['a'.repeat(65), definition, undefined],
    ['constructor', undefined, undefined],
  ])('%s with %j is %s', (connector, settings, expected) => {
    expect(nameOf(connectorForNew({ connector, settings }))).toBe(expected);
  });
});
