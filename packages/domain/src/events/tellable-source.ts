import { withoutCardData } from '../redaction/without-card-data.ts';

/** As JSON. Many times the largest object that vendors document; what is larger would only fail at the merchant's server. */
const MAX_CHARACTERS = 262_144;

/** A vendor's own object as merchants may see it: without card data and secrets; null when there is none or it is too large. */
export function tellableSource(source: unknown): unknown {
  const tellable = withoutCardData(source ?? null);
  return JSON.stringify(tellable).length > MAX_CHARACTERS ? null : tellable;
}
