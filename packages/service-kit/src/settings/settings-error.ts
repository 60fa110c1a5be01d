import type { SettingFault } from './setting.ts';

/** Every fault of the environment in one readable message. Never contains the value of a secret. */
export class SettingsError extends Error {
  readonly code = 'settings_invalid';
  readonly faults: readonly SettingFault[];

  constructor(faults: readonly SettingFault[]) {
    const count = faults.length === 1 ? '1 setting is wrong' : `${faults.length} settings are wrong`;
    const lines = faults.map((fault) => `  ${fault.name}: ${fault.problem}\n    expected: ${fault.expected}`);
    super(`${count}:\n${lines.join('\n')}`);
    this.name = 'SettingsError';
    this.faults = faults;
  }
}
