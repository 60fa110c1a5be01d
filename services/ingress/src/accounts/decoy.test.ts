import { connectors } from '@owngateway/connectors';
import { knownConnectors } from '../connectors/known-connectors.ts';
import { createDecoys } from './decoy.ts';

const decoys = createDecoys(knownConnectors());
const notification = { method: 'POST', headers: {}, query: '', body: Buffer.from('{}'), url: '' };

describe('the accounts that do not exist', () => {
  it.each(connectors.map(({ name }) => name))(
    'have credentials of nobody for %s, so that refusals take alike',
    (name) => {
      expect(decoys.connectorOf(name)?.name).toBe(name);
      expect(decoys.connectorOf(`${name}-eu`)?.name).toBe(name);
      expect(() => decoys.verify(name, notification, new Date())).not.toThrow();
    },
  );

  it('have no connector under a name that tells of none, and are checked all the same', () => {
    expect(decoys.connectorOf('nobank')).toBeUndefined();
    expect(() => decoys.verify('nobank', notification, new Date())).not.toThrow();
  });
});
