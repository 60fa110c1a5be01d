import { connectors } from '@owngateway/connectors';
import { decoyFor } from './decoy.ts';

describe('decoyFor', () => {
  it.each(connectors.map(({ name }) => name))(
    'has credentials of nobody for %s, so that refusals take alike',
    (name) => {
      expect(decoyFor(name)?.connector.name).toBe(name);
      expect(decoyFor(`${name}-eu`)?.connector.name).toBe(name);
    },
  );

  it('knows no decoy for a connector that there is not', () => {
    expect(decoyFor('nobank')).toBeUndefined();
  });
});
