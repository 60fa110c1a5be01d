import { timeOfMs, timeOfText } from '../payload/time.ts';

/** How a time is written. */
export type TimeUnit = 's' | 'ms' | 'iso8601';

/** From 2001 to 2286, so that seconds are never taken for milliseconds, nor digits of a signed time for its neighbours. */
const SECONDS = /^[1-9]\d{9}(\.\d{1,9})?$/;
const MILLISECONDS = /^[1-9]\d{12}$/;
/** An offset without its colon, as several providers write it. */
const BARE_OFFSET = /([+-]\d{2})(\d{2})$/;

/** The moment that a text means, or null. */
export function momentOf(text: string | null, unit: TimeUnit): Date | null {
  if (text === null) {
    return null;
  }
  switch (unit) {
    case 's':
      return SECONDS.test(text) ? timeOfMs(Math.round(Number(text) * 1000)) : null;
    case 'ms':
      return MILLISECONDS.test(text) ? timeOfMs(Number(text)) : null;
    case 'iso8601':
      return timeOfText(text.includes('T') ? text.replace(BARE_OFFSET, '$1:$2') : text);
  }
}
