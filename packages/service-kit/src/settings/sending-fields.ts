import { booleanSetting, cidrListSetting } from './fields.ts';
import { nameServersText, portListText } from './parse.ts';
import { optional, type SettingsRule, setting } from './setting.ts';

/** The settings of a service that judges the addresses that others give; spread them, add `privateRangesOnlyInSandbox` to the rules. */
export const sendingFields = {
  ALLOWED_PRIVATE_RANGES: optional(
    cidrListSetting({ description: 'Private address ranges that requests may go to; refused in production.' }),
  ),
  ALLOW_HTTP: booleanSetting({
    description: 'Admits http:// delivery addresses in production (000).',
    default: 'false',
  }),
  ALLOWED_PORTS: optional(
    setting({
      schema: portListText,
      description: 'Ports of delivery addresses in production, beside 443 and 8443; the sandbox admits every port.',
      expected: 'comma-separated ports, such as 9443,10443',
      show: (ports) => ports.join(','),
    }),
  ),
  DNS_SERVERS: optional(
    setting({
      schema: nameServersText,
      description: 'Name servers that are asked where requests go; those of the machine without it.',
      expected: 'comma-separated addresses with or without port, such as 10.0.0.53,[fd00::53]:5353',
      show: (servers) => servers.join(','),
    }),
  ),
};

/** Nobody may believe that production reaches private addresses, nor that it would not if this were set by mistake. */
export const privateRangesOnlyInSandbox: SettingsRule = (values) => {
  if (values.ENVIRONMENT !== 'production' || values.ALLOWED_PRIVATE_RANGES === undefined) return [];
  return [
    {
      name: 'ALLOWED_PRIVATE_RANGES',
      problem: 'is set, but production never delivers to private addresses',
      expected: 'not set in production',
    },
  ];
};
