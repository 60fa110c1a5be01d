import type { Connector } from './connector.ts';
import { generic } from './generic/connector.ts';
import { findConnector } from './registry.ts';

/** What of an account says which connector it has. */
interface ConnectorChoice {
  connector: string;
  settings: unknown;
}

/** The name that an operator gives to a connector of its own; it becomes a part of the webhook URL. */
const OWN_NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;

/**
 * Whether these settings are a definition of the generic connector: no other connector has a setting named `signature`. An
 * account that has one keeps it under any name, also under one that a later release has a connector for.
 */
export function hasDefinition(settings: unknown): boolean {
  return typeof settings === 'object' && settings !== null && Object.hasOwn(settings, 'signature');
}

/** The connector of a stored account; undefined for one that the product no longer has. */
export function connectorOf({ connector, settings }: ConnectorChoice): Connector | undefined {
  return hasDefinition(settings) ? generic : findConnector(connector);
}

/** What is to judge a new account; `reserved`: a definition under the name of another connector. Undefined: there is none. */
export type ConnectorForNew = Connector | 'reserved' | undefined;

/**
 * The connector that an account is to be judged by before it is stored: the one of that name, or for a name of its own
 * that brings settings the generic one.
 */
export function connectorForNew({
  connector,
  settings,
}: Pick<ConnectorChoice, 'connector'> & { settings?: unknown }): ConnectorForNew {
  const registered = findConnector(connector);
  if (registered !== undefined) {
    return registered.name !== generic.name && hasDefinition(settings) ? 'reserved' : registered;
  }
  const bringsSettings = typeof settings === 'object' && settings !== null && Object.keys(settings).length > 0;
  return bringsSettings && OWN_NAME.test(connector) ? generic : undefined;
}
