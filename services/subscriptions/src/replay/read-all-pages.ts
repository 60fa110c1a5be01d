import type { Page, PageRequest } from '@owngateway/store';

/** Reads a list to its end. Only for lists that a person's choices keep short, such as the recipients of one event. */
export async function readAllPages<T>(read: (page: PageRequest) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let after: string | null = null;
  do {
    const page: Page<T> = await read({ limit: 100, after });
    items.push(...page.items);
    after = page.next;
  } while (after !== null);
  return items;
}
