import type { z } from 'zod';

/** One environment variable: how it is read, and what the documentation says about it. */
export interface Setting<S extends z.ZodType = z.ZodType> {
  /** Reads the text of the variable. A setting is optional when its schema accepts `undefined`. */
  schema: S;
  /** One sentence for docs/configuration.md. */
  description: string;
  /** What a correct value looks like, in words: part of every fault message. */
  expected: string;
  /** Never printed; may also come from the file that `<NAME>_FILE` names. */
  secret: boolean;
  /** May come from `<NAME>_FILE` although it is no secret (public keys, say). Secrets always may. */
  file: boolean;
  /** The text used when the variable is missing or empty. */
  default: string | undefined;
  /** How a value is shown in the start summary; secrets without it are shown as `(set)`. */
  show: ((value: z.output<S>) => string) | undefined;
}

/** A rule over several settings; answers with its faults, which must not contain values. */
export type SettingsRule = (values: Readonly<Record<string, unknown>>, env: Environment) => SettingFault[];

/** The part of `process.env` that is read. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What is wrong with one setting, safe to print. */
export interface SettingFault {
  name: string;
  problem: string;
  expected: string;
}

export type SettingsShape = Readonly<Record<string, Setting>>;

/** The settings of one service, keyed by environment variable, with the rules that span several of them. */
export interface SettingsDefinition<Shape extends SettingsShape = SettingsShape> {
  shape: Shape;
  rules: readonly SettingsRule[];
}

/** The values of a definition, keyed by environment variable. */
export type SettingsOf<D extends SettingsDefinition> = {
  readonly [Name in keyof D['shape']]: z.output<D['shape'][Name]['schema']>;
};

/** Declares a setting; not secret, without a default and only from the environment unless told otherwise. */
export function setting<S extends z.ZodType>(
  options: Pick<Setting<S>, 'schema' | 'description' | 'expected'> & {
    secret?: boolean;
    file?: boolean;
    default?: string;
    show?: (value: z.output<S>) => string;
  },
): Setting<S> {
  return { secret: false, file: options.secret ?? false, default: undefined, show: undefined, ...options };
}

/** The same setting with another default, as the text that an operator would write. */
export function withDefault<S extends z.ZodType>(base: Setting<S>, text: string): Setting<S> {
  return { ...base, default: text };
}

/** The same setting, which may be left out. */
export function optional<S extends z.ZodType>(base: Setting<S>): Setting<z.ZodOptional<S>> {
  const show = base.show;
  return {
    ...base,
    schema: base.schema.optional(),
    default: undefined,
    show: show === undefined ? undefined : (value) => (value === undefined ? '(none)' : show(value)),
  };
}

/** Declares the settings of a service. */
export function defineSettings<const Shape extends SettingsShape>(
  shape: Shape,
  rules: readonly SettingsRule[] = [],
): SettingsDefinition<Shape> {
  return { shape, rules };
}
