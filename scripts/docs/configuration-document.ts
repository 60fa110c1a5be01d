import { listSettings, type SettingDescription, type SettingsDefinition } from '@owngateway/service-kit';
import { dispatcherSettings } from '../../services/dispatcher/src/config.ts';
import { ingressSettings } from '../../services/ingress/src/config.ts';
import { subscriptionsSettings } from '../../services/subscriptions/src/config.ts';
import { markdownTable } from './markdown-table.ts';

const INTRODUCTION = `# Configuration

<!-- Generated from services/*/src/config.ts by \`npm run docs\`; a test compares. -->

Every service is configured by environment variables, and reads only its own. A missing or wrong value stops it before it listens, with
every fault in one message. An empty variable counts as missing. What a service runs with is in its first log line, secrets masked.

- **Required**: \`yes\`, or when. The token keys exclude each other: exactly one of \`JWT_SECRET\`, \`JWT_PUBLIC_KEYS\` and \`JWT_JWKS_URL\`.
- **Secret**: never logged. A secret, and what is marked *file*, may come from the file that \`<NAME>_FILE\` names instead (one line break at
  its end is dropped): \`JWT_SECRET_FILE=/run/secrets/jwt\`. Files are read once, when the service starts.
- Services that share a setting must agree on it: \`ENVIRONMENT\`, \`MONGO_URL\`, \`REDIS_URL\`, \`ENCRYPTION_KEYS\`, \`QUEUE_PREFIX\`, \`QUEUE_SHARDS\`,
  \`DEDUPE_DAYS\`, the JWT settings and \`PUBLIC_INGRESS_URL\`.
- With \`ENVIRONMENT=production\` no service starts with \`NODE_TLS_REJECT_UNAUTHORIZED=0\`.
- \`SHUTDOWN_GRACE_MS\` of the dispatcher should be 32,000 at least, the longest request to a merchant (30 s) and the time to write its result;
  whatever supervises a service must wait longer than this grace before it kills ([deployment.md](deployment.md)).
`;

const TOKEN_KEYS = ['JWT_SECRET', 'JWT_PUBLIC_KEYS', 'JWT_JWKS_URL'];

/** docs/configuration.md: one table per service, from the definitions that read the environment. */
export function configurationDocument(): string {
  return [
    INTRODUCTION,
    section('Ingress', 'services/ingress', ingressSettings),
    section('Subscription service', 'services/subscriptions', subscriptionsSettings),
    section('Dispatcher', 'services/dispatcher', dispatcherSettings),
  ].join('\n');
}

function section(title: string, folder: string, definition: SettingsDefinition): string {
  const rows = listSettings(definition).map((setting) => [
    `\`${setting.name}\``,
    setting.description,
    setting.expected,
    setting.default === null ? '' : `\`${setting.default}\``,
    required(setting),
    secrecy(setting),
  ]);
  const head = ['Setting', 'What it is', 'Value', 'Default', 'Required', 'Secret'];
  return `## ${title} (\`${folder}\`)\n\n${markdownTable(head, rows)}\n`;
}

function required({ name, required: isRequired }: SettingDescription): string {
  if (TOKEN_KEYS.includes(name)) return 'one of three';
  return isRequired ? 'yes' : '';
}

function secrecy({ secret, file }: SettingDescription): string {
  if (secret) return 'yes';
  return file ? 'no, *file*' : '';
}
