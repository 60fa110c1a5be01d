import { readFileSync } from 'node:fs';
import type { Environment, Setting, SettingFault, SettingsDefinition, SettingsOf, SettingsShape } from './setting.ts';
import { SettingsError } from './settings-error.ts';
import { refuseDisabledTls } from './tls-rule.ts';

const MAX_SHOWN_LENGTH = 60;

type Found = { kind: 'text'; text: string | undefined } | { kind: 'fault'; fault: SettingFault };

/**
 * Reads a service's settings. Empty means missing; anything that may come from a file is also looked for under
 * `<NAME>_FILE`. Throws one SettingsError that names every fault.
 */
export function loadSettings<Shape extends SettingsShape>(
  definition: SettingsDefinition<Shape>,
  env: Environment,
  readFile: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): SettingsOf<SettingsDefinition<Shape>> {
  const faults: SettingFault[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(definition.shape)) {
    const found = findText(name, setting, env, readFile);
    if (found.kind === 'fault') {
      faults.push(found.fault);
      continue;
    }
    const parsed = setting.schema.safeParse(found.text ?? setting.default);
    if (parsed.success) values[name] = parsed.data;
    else faults.push(faultOf(name, setting, found.text, parsed.error.issues[0]?.message));
  }
  // Rules see only settings that are right by themselves, so that one mistake is not reported twice.
  const named = new Set(faults.map((fault) => fault.name));
  for (const rule of [refuseDisabledTls, ...definition.rules]) {
    faults.push(...rule(values, env).filter((fault) => !named.has(fault.name)));
  }
  if (faults.length > 0) throw new SettingsError(faults);
  return values as SettingsOf<SettingsDefinition<Shape>>;
}

function findText(name: string, setting: Setting, env: Environment, readFile: (path: string) => string): Found {
  const direct = env[name] === '' ? undefined : env[name];
  const path = setting.file ? env[`${name}_FILE`] : undefined;
  if (path === undefined || path === '') return { kind: 'text', text: direct };
  if (direct !== undefined) {
    const problem = `is set, and so is ${name}_FILE`;
    return { kind: 'fault', fault: { name, problem, expected: 'one of the two' } };
  }
  try {
    const text = readFile(path).replace(/\r?\n$/, '');
    return { kind: 'text', text: text === '' ? undefined : text };
  } catch (error) {
    const why = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unreadable';
    const problem = `the file that ${name}_FILE names cannot be read (${why})`;
    return { kind: 'fault', fault: { name, problem, expected: 'a readable file' } };
  }
}

function faultOf(name: string, setting: Setting, text: string | undefined, message: string | undefined): SettingFault {
  const { expected } = setting;
  if (text === undefined) return { name, problem: 'is missing', expected };
  // A schema's own message could quote its input, so a secret gets none.
  if (setting.secret) return { name, problem: 'is not valid', expected };
  const shown = text.length > MAX_SHOWN_LENGTH ? `${text.slice(0, MAX_SHOWN_LENGTH)}...` : text;
  return { name, problem: `is ${JSON.stringify(shown)}: ${message ?? 'not valid'}`, expected };
}
