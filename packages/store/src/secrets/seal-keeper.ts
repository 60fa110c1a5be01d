import { setTimeout as pause } from 'node:timers/promises';
import type mongoose from 'mongoose';
import { DURABLE } from '../connection/connect.ts';
import { lastingSealedCollections, sealedCollections } from './sealed-collections.ts';
import { type RawDocument, type SealedCollection, type SealedText, sealedTextsOf } from './sealed-places.ts';
import { keyVersionOf, SealBrokenError, type SealFault, type SecretBox } from './secret-box.ts';

/** A sealed text that no key of the ring opens. Names where it stands, never what it is. */
export interface UnreadableSeal {
  collection: string;
  id: string;
  path: string;
  /** The key that it names; null when it is no sealed text at all. */
  keyVersion: number | null;
  fault: SealFault;
}

/** What stands in one collection. */
export interface SealCount {
  collection: string;
  documents: number;
  /** Sealed texts by the version of their key, as they were found. */
  byKey: Record<string, number>;
  /** Sealed anew under the current key. */
  resealed: number;
  unreadable: number;
  /** Left as they are, because somebody else went on changing them: to be looked at again. */
  contended: number;
}

export interface SealSurvey {
  currentVersion: number;
  counts: SealCount[];
  /** The first 100 of them. */
  unreadable: UnreadableSeal[];
}

/** How a walk over all sealed texts is done. */
export interface SealWalk {
  /** Ends the walk early; it throws the signal's reason. */
  signal?: AbortSignal;
  /** After each batch, in milliseconds: for walks that nobody waits for. */
  pauseMs?: number;
}

/** Looks after the sealed texts of all collections while the keys of the ring change. */
export interface SealKeeper {
  /** Opens every sealed text that lives long and changes nothing; with `everything`, those of a day as well. */
  survey(walk?: SealWalk & { everything?: boolean }): Promise<SealSurvey>;
  /**
   * Seals every sealed text of every collection anew under the current key, a batch at a time. What is under it already is
   * left alone, so it may be ended and begun again at any time. Compares and sets: a change that somebody makes meanwhile
   * is never lost.
   */
  reseal(walk?: SealWalk & { onBatch?: (count: SealCount) => void }): Promise<SealSurvey>;
}

const BATCH = 200;
/** How often a document that others keep changing is looked at again. */
const ROUNDS = 20;
const MAX_NAMED = 100;

type Collection = mongoose.mongo.Collection<RawDocument>;
/** A document and those of its texts that are under an old key, with what replaces them. */
interface Change {
  id: string;
  texts: { path: string; from: string; to: string }[];
}

export function createSealKeeper(collectionOf: (name: string) => Collection, box: SecretBox): SealKeeper {
  async function walk(
    collections: readonly SealedCollection[],
    { signal, pauseMs = 0 }: SealWalk,
    takeBatch: (take: Taking, documents: RawDocument[]) => Promise<void>,
  ): Promise<SealSurvey> {
    const survey: SealSurvey = { currentVersion: box.currentVersion, counts: [], unreadable: [] };
    for (const sealed of collections) {
      const count = { collection: sealed.name, documents: 0, byKey: {}, resealed: 0, unreadable: 0, contended: 0 };
      survey.counts.push(count);
      const taking: Taking = { sealed, count, survey, collection: collectionOf(sealed.name) };
      for await (const documents of batchesOf(taking)) {
        signal?.throwIfAborted();
        count.documents += documents.length;
        await takeBatch(taking, documents);
        if (pauseMs > 0) await pause(pauseMs, undefined, { ref: false, ...(signal && { signal }) });
      }
    }
    return survey;
  }

  return {
    survey: ({ everything = false, ...rest } = {}) =>
      walk(everything ? sealedCollections : lastingSealedCollections, rest, async (taking, documents) => {
        noteAll(taking, documents, box);
      }),
    reseal: ({ onBatch, ...rest } = {}) =>
      walk(sealedCollections, rest, async (taking, documents) => {
        await resealBatch(taking, documents, box);
        onBatch?.(taking.count);
      }),
  };
}

/** A collection under way. */
interface Taking {
  sealed: SealedCollection;
  collection: Collection;
  count: SealCount;
  survey: SealSurvey;
}

/** In the order of their ids, from the primary, without anything that is not needed. */
async function* batchesOf({ sealed, collection }: Taking): AsyncGenerator<RawDocument[]> {
  let after: string | null = null;
  for (;;) {
    const documents: RawDocument[] = await find(collection, sealed, after === null ? {} : { _id: { $gt: after } });
    if (documents.length === 0) return;
    yield documents;
    after = documents.at(-1)?._id ?? null;
  }
}

function find(
  collection: Collection,
  { tenantField, fields }: SealedCollection,
  filter: mongoose.mongo.Filter<RawDocument>,
): Promise<RawDocument[]> {
  const projection = Object.fromEntries([tenantField, ...Object.keys(fields)].map((field) => [field, 1]));
  return collection.find(filter, { projection }).sort({ _id: 1 }).limit(BATCH).toArray() as Promise<RawDocument[]>;
}

/** The old text stands in the filter: whoever replaced it meanwhile has won, and what they wrote is looked at again. */
async function resealBatch(taking: Taking, documents: RawDocument[], box: SecretBox): Promise<void> {
  const { collection, sealed, count } = taking;
  noteAll(taking, documents, box);
  const changesIn = (found: RawDocument[]) => found.flatMap((document) => changeOf(sealed, document, box) ?? []);
  let changes = changesIn(documents);
  for (let round = 0; changes.length > 0 && round < ROUNDS; round++) {
    const { modifiedCount } = await collection.bulkWrite(
      changes.map(({ id, texts }) => ({
        updateOne: {
          filter: { _id: id, ...Object.fromEntries(texts.map(({ path, from }) => [path, from])) },
          update: { $set: Object.fromEntries(texts.map(({ path, to }) => [path, to])) },
        },
      })),
      { ordered: false, ...DURABLE },
    );
    if (modifiedCount === changes.length) {
      count.resealed += changes.reduce((sum, { texts }) => sum + texts.length, 0);
      return;
    }
    const found = await find(collection, sealed, { _id: { $in: changes.map(({ id }) => id) } });
    count.resealed += written(sealed, changes, found);
    changes = changesIn(found);
  }
  count.contended += changes.length;
}

function noteAll(taking: Taking, documents: readonly RawDocument[], box: SecretBox): void {
  for (const document of documents) {
    for (const judged of judgedTexts(taking.sealed, document, box)) note(taking, document._id, judged);
  }
}

/** How many of the new texts stand where they were put. */
function written(sealed: SealedCollection, changes: readonly Change[], found: readonly RawDocument[]): number {
  const standing = new Set(found.flatMap((document) => sealedTextsOf(sealed, document).map(({ value }) => value)));
  return changes.flatMap(({ texts }) => texts).filter(({ to }) => standing.has(to)).length;
}

/** Counts what stands in a document at the first look at it. */
function note({ sealed, count, survey }: Taking, id: string, { text, keyVersion, verdict }: Judged): void {
  const key = String(keyVersion ?? 'none');
  count.byKey[key] = (count.byKey[key] ?? 0) + 1;
  if (verdict.kind !== 'unreadable') return;
  count.unreadable += 1;
  if (survey.unreadable.length >= MAX_NAMED) return;
  survey.unreadable.push({ collection: sealed.name, id, path: text.path, keyVersion, fault: verdict.fault });
}

/** What is to be replaced in a document; null when nothing is. */
function changeOf(sealed: SealedCollection, document: RawDocument, box: SecretBox): Change | null {
  const texts = judgedTexts(sealed, document, box).flatMap(({ text, verdict }) =>
    verdict.kind === 'old' ? [{ path: text.path, from: text.value, to: box.seal(verdict.opened, text.context) }] : [],
  );
  return texts.length === 0 ? null : { id: document._id, texts };
}

interface Judged {
  text: SealedText;
  keyVersion: number | null;
  verdict: { kind: 'current' } | { kind: 'old'; opened: string } | { kind: 'unreadable'; fault: SealFault };
}

function judgedTexts(sealed: SealedCollection, document: RawDocument, box: SecretBox): Judged[] {
  return sealedTextsOf(sealed, document).map((text) => {
    const keyVersion = keyVersionOf(text.value);
    return { text, keyVersion, verdict: judge(box, text, keyVersion) };
  });
}

function judge(box: SecretBox, { value, context }: SealedText, keyVersion: number | null): Judged['verdict'] {
  try {
    const opened = box.open(value, context);
    return keyVersion === box.currentVersion ? { kind: 'current' } : { kind: 'old', opened };
  } catch (error) {
    if (!(error instanceof SealBrokenError)) throw error;
    return { kind: 'unreadable', fault: error.fault };
  }
}
