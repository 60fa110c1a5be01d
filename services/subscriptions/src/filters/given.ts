/** The same filter without the fields that were not asked for: repositories tell "not given" from "given as undefined". */
export function given<T extends object>(filter: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  const entries = Object.entries(filter).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof T]: Exclude<T[Key], undefined> };
}
