import type { SettingsDefinition } from './setting.ts';

/** One row of docs/configuration.md. */
export interface SettingDescription {
  name: string;
  description: string;
  expected: string;
  required: boolean;
  secret: boolean;
  /** Also read from the file that `<name>_FILE` names. */
  file: boolean;
  default: string | null;
}

/** Every setting of a definition, for the documentation and for tests of deployment files. */
export function listSettings(definition: SettingsDefinition): SettingDescription[] {
  return Object.entries(definition.shape).map(([name, setting]) => ({
    name,
    description: setting.description,
    expected: setting.expected,
    required: setting.default === undefined && !setting.schema.safeParse(undefined).success,
    secret: setting.secret,
    file: setting.file,
    default: setting.default ?? null,
  }));
}

/** What a service logs when it starts: every setting, secrets masked. */
export function startSummary<D extends SettingsDefinition>(
  definition: D,
  values: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const summary: Record<string, string> = {};
  for (const [name, setting] of Object.entries(definition.shape)) {
    const value = values[name];
    if (value === undefined) summary[name] = '(none)';
    else if (setting.show !== undefined) summary[name] = setting.show(value);
    else summary[name] = setting.secret ? '(set)' : String(value);
  }
  return summary;
}
