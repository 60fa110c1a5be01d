import { type Connector, connectorOf, connectors } from '@owngateway/connectors';
import type { ConnectorAccountRecord } from '@owngateway/store';

/** The connectors that this process serves. */
export interface KnownConnectors {
  readonly all: readonly Connector[];
  /** The connector of an account; undefined for one that is no longer served. */
  of(account: Pick<ConnectorAccountRecord, 'connector' | 'settings'>): Connector | undefined;
}

/** @param given every connector of the product, and those that accounts define, unless given */
export function knownConnectors(given?: readonly Connector[]): KnownConnectors {
  if (given === undefined) {
    return { all: connectors, of: connectorOf };
  }
  const byName = new Map(given.map((connector) => [connector.name, connector]));
  return { all: given, of: ({ connector }) => byName.get(connector) };
}
