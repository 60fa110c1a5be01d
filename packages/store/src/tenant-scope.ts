/**
 * Whose data a call may see: the first argument of every repository method that serves a person (architecture,
 * decision 9). A portfolio or reseller reaches its own records and those of the merchants below it (rule 12), so
 * `merchantIds` is resolved before the call.
 */
export type TenantScope =
  | { level: 'operator' }
  | { level: 'merchant'; id: string }
  | { level: 'portfolio' | 'reseller'; id: string; merchantIds: readonly string[] };
