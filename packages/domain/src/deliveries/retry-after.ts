/** The longest `Retry-After` that is honoured; a longer one counts as this (api.md: "up to 1 h"). */
export const MAX_RETRY_AFTER_S = 3_600;

/** Longer header values are no delay and no date. */
const MAX_HEADER_LENGTH = 64;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The three spellings of an HTTP date that a recipient must accept (RFC 9110, 5.6.7). */
const HTTP_DATES = [
  /^[A-Z][a-z]{2}, (?<day>\d{2}) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) (?<time>\d{2}:\d{2}:\d{2}) GMT$/,
  /^[A-Z][a-z]{5,8}, (?<day>\d{2})-(?<month>[A-Z][a-z]{2})-(?<year>\d{2}) (?<time>\d{2}:\d{2}:\d{2}) GMT$/,
  /^[A-Z][a-z]{2} (?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) (?<time>\d{2}:\d{2}:\d{2}) (?<year>\d{4})$/,
];

/**
 * Reads a `Retry-After` header in either form, delta-seconds or HTTP date (RFC 9110, 10.2.3).
 *
 * @returns whole seconds from 1 to `MAX_RETRY_AFTER_S`; null when there is none, when it is not understood, and when it
 *   asks for no delay (0, or a date that has passed)
 */
export function parseRetryAfter(value: string | undefined, now: Date): number | null {
  if (value === undefined || value.length > MAX_HEADER_LENGTH) return null;
  const text = value.trim();
  const delayS = /^\d+$/.test(text) ? Number(text) : secondsUntil(text, now);
  if (delayS === null || delayS < 1) return null;
  return Math.min(delayS, MAX_RETRY_AFTER_S);
}

function secondsUntil(httpDate: string, now: Date): number | null {
  for (const form of HTTP_DATES) {
    const parts = form.exec(httpDate)?.groups;
    if (parts === undefined) continue;
    const at = timeOf(parts, now);
    return at === null ? null : Math.ceil((at - now.getTime()) / 1_000);
  }
  return null;
}

function timeOf(parts: Record<string, string>, now: Date): number | null {
  const month = MONTHS.indexOf(parts.month ?? '');
  const day = Number(parts.day);
  const [hour = 0, minute = 0, second = 0] = (parts.time ?? '').split(':').map(Number);
  if (month < 0 || hour > 23 || minute > 59 || second > 60) return null;
  const at = new Date(Date.UTC(fullYear(parts.year ?? '', now), month, day, hour, minute, second));
  // Date.UTC rolls 31 February over into March; such a date is junk. A leap second may roll over.
  return at.getUTCDate() === day || second === 60 ? at.getTime() : null;
}

/** A two-digit year that seems more than 50 years ahead is the one in the past (RFC 9110, 5.6.7). */
function fullYear(digits: string, now: Date): number {
  const year = Number(digits);
  if (digits.length === 4) return year;
  const thisYear = now.getUTCFullYear();
  const candidate = thisYear - (thisYear % 100) + year;
  return candidate > thisYear + 50 ? candidate - 100 : candidate;
}
