import type { SealCount, SealKeeper, SealSurvey } from '@owngateway/store';

/** What the operator asks for. */
export interface ReencryptRequest {
  /** Only say what is under which key. */
  check: boolean;
}

/** How the command ends, for scripts. */
export const EXIT = {
  /** Everything is under the current key: the others may leave the ring. */
  done: 0,
  /** Something cannot be opened, or kept being changed by others. */
  incomplete: 1,
  /** Wrong arguments or settings. */
  usage: 2,
  /** `--check`: everything opens, but old keys are still needed. */
  oldKeysInUse: 3,
} as const;

/**
 * Seals everything anew under the last key of ENCRYPTION_KEYS, or says what is under which. Says what it did, collection by
 * collection; names records, never values.
 */
export async function reencrypt(
  seals: SealKeeper,
  { check }: ReencryptRequest,
  say: (line: string) => void,
  signal?: AbortSignal,
): Promise<number> {
  const walk = { ...(signal && { signal }) };
  const survey = check ? await seals.survey({ ...walk, everything: true }) : await seals.reseal(walk);
  for (const count of survey.counts) say(describe(count));
  for (const { collection, id, path, keyVersion, fault } of survey.unreadable) {
    const why =
      fault === 'key_missing' ? `its key ${keyVersion} is not in ENCRYPTION_KEYS` : 'altered, moved, or another key';
    say(`cannot be opened: ${collection} ${id} ${path}: ${why}`);
  }
  const unreadable = sum(survey, (count) => count.unreadable);
  const contended = sum(survey, (count) => count.contended);
  if (unreadable > survey.unreadable.length) say(`and ${unreadable - survey.unreadable.length} more`);
  if (unreadable > 0) {
    say(`${unreadable} cannot be opened. Put the missing key back into the ring, or have those secrets set again.`);
    return EXIT.incomplete;
  }
  if (contended > 0) {
    say(`${contended} records kept being changed meanwhile. Run it again.`);
    return EXIT.incomplete;
  }
  return conclude(survey, check, say);
}

function conclude(survey: SealSurvey, check: boolean, say: (line: string) => void): number {
  const old = check ? oldKeysOf(survey) : [];
  if (old.length === 0) {
    say(`Everything is under key ${survey.currentVersion}.`);
    return EXIT.done;
  }
  say(`Still in use beside key ${survey.currentVersion}: ${old.map((version) => `key ${version}`).join(', ')}.`);
  return EXIT.oldKeysInUse;
}

function oldKeysOf({ counts, currentVersion }: SealSurvey): string[] {
  const versions = new Set(counts.flatMap(({ byKey }) => Object.keys(byKey)));
  versions.delete(String(currentVersion));
  return [...versions].sort((one, other) => Number(one) - Number(other));
}

function describe({ collection, documents, byKey, resealed, unreadable, contended }: SealCount): string {
  const found = Object.entries(byKey).map(([version, texts]) => `${texts} under key ${version}`);
  return [
    `${collection}: ${documents} records`,
    found.length === 0 ? 'nothing sealed' : found.join(', '),
    `${resealed} sealed anew`,
    ...(unreadable > 0 ? [`${unreadable} cannot be opened`] : []),
    ...(contended > 0 ? [`${contended} left`] : []),
  ].join('; ');
}

function sum({ counts }: SealSurvey, of: (count: SealCount) => number): number {
  return counts.reduce((total, count) => total + of(count), 0);
}
