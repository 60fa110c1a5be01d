/** The part of JSON Schema (2020-12) that zod makes of our schemas. */
export interface JsonSchema {
  type?: string | string[];
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  pattern?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
}

/** One field, with those inside it after it, named by their path: `mapping[].type`. */
export interface SchemaField {
  path: string;
  description: string;
  value: string;
  default: string;
  required: boolean;
}

/** The ways in which a schema may be met: one, or those of a union. */
export function alternativesOf(schema: JsonSchema): JsonSchema[] {
  return (schema.anyOf ?? schema.oneOf)?.flatMap(alternativesOf) ?? [schema];
}

/** Every field of an object, in the order of its schema. */
export function fieldsOfSchema(schema: JsonSchema, prefix = ''): SchemaField[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const own: SchemaField = {
      path,
      description: field.description ?? '',
      value: valueIn(field),
      default: field.default === undefined ? '' : `\`${JSON.stringify(field.default)}\``,
      required: field.default === undefined && (schema.required ?? []).includes(name),
    };
    return [own, ...insideOf(field, path)];
  });
}

/** The least that meets a schema, with `...` for texts. */
export function exampleOf(schema: JsonSchema): unknown {
  const [{ type, const: only, enum: choices, items, required = [], properties = {}, minimum = 0 } = {}] =
    alternativesOf(schema);
  if (only !== undefined || choices !== undefined) {
    return only ?? choices?.[0];
  }
  switch (type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(properties)
          .filter(([name, field]) => required.includes(name) && field.default === undefined)
          .map(([name, field]) => [name, exampleOf(field)]),
      );
    case 'array':
      return [exampleOf(items ?? {})];
    case 'integer':
    case 'number':
      return minimum;
    case 'boolean':
      return true;
    default:
      return '...';
  }
}

/** What a value must be, in words. */
function valueIn(schema: JsonSchema): string {
  const alternatives = alternativesOf(schema);
  if (alternatives.length > 1) {
    return [...new Set(alternatives.map(valueIn))].join(' or ');
  }
  const choices = schema.const === undefined ? schema.enum : [schema.const];
  if (choices !== undefined) {
    return choices.map((choice) => `\`${JSON.stringify(choice)}\``).join(' or ');
  }
  const types = [schema.type ?? 'any JSON'].flat();
  return types.map((type) => valueOfType(type, schema)).join(' or ');
}

function valueOfType(type: string, schema: JsonSchema): string {
  switch (type) {
    case 'boolean':
      return '`true` or `false`';
    case 'integer':
    case 'number':
      return `${type}${range(schema.minimum, schema.maximum)}`;
    case 'string':
      return textOf(schema);
    case 'array':
      return `list of ${valueIn(schema.items ?? {})}`;
    default:
      return type;
  }
}

function insideOf(field: JsonSchema, path: string): SchemaField[] {
  return alternativesOf(field).flatMap((one) => {
    if (one.type === 'array' && one.items !== undefined) {
      return insideOf(one.items, `${path}[]`);
    }
    return fieldsOfSchema(one, `${path}.`);
  });
}

function textOf({ pattern, format, minLength, maxLength }: JsonSchema): string {
  if (format !== undefined) {
    return format;
  }
  if (pattern !== undefined) {
    return `text like \`${pattern}\``;
  }
  const length = range(minLength, maxLength);
  return length === '' ? 'text' : `text,${length} characters`;
}

/** Bounds that are only those of a safe integer say nothing. */
function range(from: number | undefined, to: number | undefined): string {
  const least = from === Number.MIN_SAFE_INTEGER ? undefined : from;
  const most = to === Number.MAX_SAFE_INTEGER ? undefined : to;
  if (least !== undefined && most !== undefined) {
    return ` ${least.toLocaleString('en-US')} to ${most.toLocaleString('en-US')}`;
  }
  if (least !== undefined) {
    return ` ${least.toLocaleString('en-US')} or more`;
  }
  return most === undefined ? '' : ` at most ${most.toLocaleString('en-US')}`;
}
