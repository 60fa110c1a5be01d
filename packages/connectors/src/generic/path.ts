/** Steps into JSON: names of fields, and places in lists. */
export type Path = readonly (string | number)[];

const MAX_STEPS = 20;
/** One step: `.name` (without its dot at the start), `[0]`, or `["any name"]` for a name with dots and other characters. */
const STEP = /(\.?)([A-Za-z0-9_@-]{1,100})|\[(\d{1,4})\]|\["([^"\\|[\]\p{Cc}]{1,100})"\]/uy;

/** Reads `data.items[0]["event.type"]`; null when it is not written that way. Linear in the length of the text. */
export function parsePath(text: string): Path | null {
  const path: (string | number)[] = [];
  let at = 0;
  while (at < text.length && path.length < MAX_STEPS) {
    STEP.lastIndex = at;
    const [step, dot, name, index, quoted] = STEP.exec(text) ?? [];
    const isNameInPlace = name === undefined || (dot === '.') === at > 0;
    if (step === undefined || !isNameInPlace) {
      return null;
    }
    path.push(index === undefined ? (name ?? quoted ?? '') : Number(index));
    at += step.length;
  }
  return at === text.length && path.length > 0 ? path : null;
}

/** What stands there, or undefined. Own fields only: no name reaches what objects inherit. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) !== (typeof step === 'number')) {
      return undefined;
    }
    value = Object.hasOwn(value, step) ? (value as Record<string | number, unknown>)[step] : undefined;
  }
  return value;
}
