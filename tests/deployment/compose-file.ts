import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const root = join(__dirname, '..', '..');

const composeService = z.object({
  image: z.string(),
  command: z.array(z.string()),
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.string()).default([]),
  networks: z.array(z.string()),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.object({ test: z.array(z.string()) }),
  stop_grace_period: z.string().optional(),
  read_only: z.boolean().default(false),
  cap_drop: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
});

const composeFile = z.object({
  services: z.record(z.string(), composeService),
  networks: z.record(z.string(), z.object({ internal: z.boolean().default(false) })),
});

export const composeText = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
export const exampleText = readFileSync(join(root, '.env.example'), 'utf8');
export const compose = composeFile.parse(parse(composeText, { merge: true }));

/** One `${NAME...}` of the file. */
export interface Variable {
  name: string;
  /** `:-` and `-` give a default, `:?` and `?` refuse to start without one. */
  operator: string;
  text: string;
}

const VARIABLE = /\$\{([A-Z_]+)(:?[-?])([^}]*)\}/g;

export function variablesOf(text: string): Variable[] {
  return [...text.matchAll(VARIABLE)].map(([, name = '', operator = '', rest = '']) => ({
    name,
    operator,
    text: rest,
  }));
}

/** The environment that compose gives a service when `.env` holds only these values. */
export function environmentOf(service: string, dotEnv: Readonly<Record<string, string>>): Record<string, string> {
  const found = compose.services[service];
  if (found === undefined) throw new Error(`docker-compose.yml has no service ${service}`);
  return Object.fromEntries(
    Object.entries(found.environment).map(([name, text]) => [name, text.replace(VARIABLE, resolveIn(dotEnv))]),
  );
}

function resolveIn(dotEnv: Readonly<Record<string, string>>) {
  return (_all: string, name: string, operator: string, text: string): string => {
    const value = dotEnv[name];
    if (value !== undefined && (value !== '' || !operator.startsWith(':'))) return value;
    if (operator.endsWith('?')) throw new Error(`required variable ${name} is missing a value: ${text}`);
    return text;
  };
}
