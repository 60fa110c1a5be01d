/** The first moment that RFC 3339 cannot write with four digits of year. */
const END_OF_RFC_3339_MS = Date.UTC(10_000, 0);

/** A moment given as whole seconds since 1970, or null. */
export function timeOfUnixSeconds(value: unknown): Date | null {
  return typeof value === 'number' && Number.isInteger(value) ? timeOfMs(value * 1000) : null;
}

/** A moment given as RFC 3339 text with its offset, or null. */
export function timeOfText(value: unknown): Date | null {
  const shape = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;
  return typeof value === 'string' && shape.test(value) ? timeOfMs(Date.parse(value)) : null;
}

/** The same of a vendor that may leave the offset out and means UTC. */
export function timeOfUtcText(value: unknown): Date | null {
  return timeOfText(value) ?? (typeof value === 'string' ? timeOfText(`${value}Z`) : null);
}

/** A moment given as milliseconds since 1970, or null before that and from the year 10000 on. */
export function timeOfMs(ms: number): Date | null {
  return ms >= 0 && ms < END_OF_RFC_3339_MS ? new Date(ms) : null;
}
