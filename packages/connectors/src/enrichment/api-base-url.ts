import { z } from 'zod';

/** No user name, query or fragment: what is fetched is decided by the path that a connector adds. */
const BASE_URL = /^https?:\/\/[A-Za-z0-9.:[\]-]{1,200}(?:\/[A-Za-z0-9._~-]{1,50}){0,4}$/;

/**
 * The setting `api_base_url`: where a vendor's API is. Credentials are sent there, so whoever may set it may learn them.
 *
 * @param vendors where the vendor has it
 */
export function apiBaseUrl(vendors: string) {
  return z
    .string()
    .regex(BASE_URL, 'is https://host[:port][/path], without a slash at its end')
    .default(vendors)
    .describe('Where the API is that notifications are looked up in; the vendor’s own unless this is for tests');
}
