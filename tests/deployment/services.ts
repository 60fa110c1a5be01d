import { patchSubscriptionSchema } from '@owngateway/domain';
import { listSettings, type SettingDescription, type SettingsDefinition } from '@owngateway/service-kit';
import { z } from 'zod';
import { dispatcherSettings } from '../../services/dispatcher/src/config.ts';
import { ingressSettings } from '../../services/ingress/src/config.ts';
import { subscriptionsSettings } from '../../services/subscriptions/src/config.ts';

/** What a service says about itself, for deployment files to be measured by. */
export interface ServiceFacts {
  name: string;
  definition: SettingsDefinition;
  settings: readonly SettingDescription[];
  /** Whether anybody but probes and metrics calls it. */
  isCalled: boolean;
}

function facts(name: string, definition: SettingsDefinition, isCalled: boolean): ServiceFacts {
  return { name, definition, settings: listSettings(definition), isCalled };
}

/** The three services, from their own code. */
export const services: readonly ServiceFacts[] = [
  facts('ingress', ingressSettings, true),
  facts('subscriptions', subscriptionsSettings, true),
  facts('dispatcher', dispatcherSettings, false),
];

/** The default of a setting, as its service has it. */
export function defaultOf(service: ServiceFacts, name: string): string | null {
  return service.settings.find((setting) => setting.name === name)?.default ?? null;
}

/** The longest request that a subscription may ask for (`timeout_ms`), in milliseconds. */
export function longestRequestMs(): number {
  const schema = z.toJSONSchema(patchSubscriptionSchema, { io: 'input', unrepresentable: 'any' });
  const field = schema.properties?.timeout_ms;
  if (typeof field !== 'object' || field.maximum === undefined) throw new Error('timeout_ms has no maximum');
  return field.maximum;
}

/** The dispatcher cuts requests off this long before its grace ends, to write their results. */
export const WRITING_MS = 2_000;
