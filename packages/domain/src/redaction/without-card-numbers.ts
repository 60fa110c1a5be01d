const SHORTEST = 13;
const LONGEST = 19;
/** With something between all of them. */
const LONGEST_SPELLING = 2 * LONGEST;
const REMOVED = '[number removed]';

/** Enough digits at the cut end of a text to be the beginning of a card number that says too much (PCI DSS: at most six). */
const BEGUN = /\d(?:[ -]?\d){6,}$/;
/** Digits, perhaps in groups: `4111111111111111`, `4111 1111 1111 1111`, `4111-1111-1111-1111`. */
const DIGITS = /\d+(?:[ -]\d+)*/g;

/**
 * The text without what may be a card number: 13 to 19 digits that pass the Luhn check, together or in groups. A last net
 * for texts of others that are kept or logged (receivers' answers, error messages), which should hold none. One in ten
 * other numbers of that length goes with them.
 *
 * @param isCut the text is the beginning of a longer one: a number that is cut off at its end goes too
 */
export function withoutCardNumbers(text: string, { isCut = false } = {}): string {
  const whole = isCut ? withoutBegun(text) : text;
  return whole.replace(DIGITS, (digits) => (digits.length < SHORTEST ? digits : withoutCards(digits)));
}

/** Only the end is looked at: the pattern tries every place of what it is given. */
function withoutBegun(text: string): string {
  const end = Math.max(0, text.length - LONGEST_SPELLING);
  return text.slice(0, end) + text.slice(end).replace(BEGUN, REMOVED);
}

/** Looks at every run of whole groups, since a card number may stand beside another number; all that pass go. */
function withoutCards(digits: string): string {
  // Groups stand at even places, what parts them at odd ones.
  const parts = digits.split(/([ -])/);
  let kept = '';
  let removedTo = -1;
  for (let place = 0; place < parts.length; place += 2) {
    const end = endOfCard(parts, place);
    const isFirst = place > removedTo;
    if (end !== null) removedTo = Math.max(removedTo, end);
    if (place > removedTo) kept += parts[place] ?? '';
    else if (isFirst) kept += REMOVED;
    if (place >= removedTo) kept += parts[place + 1] ?? '';
  }
  return kept;
}

/** The place of the last group of the longest card number that begins with this group. */
function endOfCard(parts: readonly string[], start: number): number | null {
  let number = '';
  let end: number | null = null;
  for (let place = start; place < parts.length; place += 2) {
    number += parts[place] ?? '';
    if (number.length > LONGEST) break;
    if (number.length >= SHORTEST && passesLuhn(number)) end = place;
  }
  return end;
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    const doubled = digit * 2;
    sum += index % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
