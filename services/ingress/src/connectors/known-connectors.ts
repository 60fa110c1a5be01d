import { type Connector, connectors } from '@owngateway/connectors';

/** The connectors that this process serves. */
export interface KnownConnectors {
  readonly all: readonly Connector[];
  find(name: string): Connector | undefined;
}

/** @param all every connector of the product unless given */
export function knownConnectors(all: readonly Connector[] = connectors): KnownConnectors {
  const byName = new Map(all.map((connector) => [connector.name, connector]));
  return { all, find: (name) => byName.get(name) };
}
