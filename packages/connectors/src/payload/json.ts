import { fieldsOf, text } from './fields.ts';
import { textOfUtf8 } from './utf8.ts';

export type JsonReading = { ok: true; value: unknown } | { ok: false; detail: string };

/**
 * Reads a body as JSON. Of duplicate keys the last one counts, the same for checking and for mapping, because both
 * read through here. `__proto__` becomes an own property and changes no prototype (RFC 8259; ECMA-262, JSON.parse).
 */
export function readJson(body: Buffer): JsonReading {
  return read(body, (json) => JSON.parse(json));
}

/**
 * Reads a body as JSON with each number as the text it was written as, such as `20.10`, for amounts that are numbers with
 * decimals: a double may be another amount, and 1.00000000000000001 would become a plain 1.
 */
export function readJsonNumbersAsWritten(body: Buffer): JsonReading {
  return read(body, (json) => JSON.parse(json, numberAsWritten));
}

/** A reviver. That it is told the source text is newer (ECMA-262, JSON.parse source text access) than what is declared of it. */
function numberAsWritten(...[, value, context]: unknown[]): unknown {
  return typeof value === 'number' ? text(fieldsOf(context).source) : value;
}

function read(body: Buffer, parse: (json: string) => unknown): JsonReading {
  if (body.length === 0) {
    return { ok: false, detail: 'the body is empty' };
  }
  const json = textOfUtf8(body);
  if (json === null) {
    return { ok: false, detail: 'the body is not UTF-8' };
  }
  try {
    return { ok: true, value: parse(json) };
  } catch {
    return { ok: false, detail: 'the body is not JSON' };
  }
}
