import type { z } from 'zod';
import type { Scope } from '../tokens/actor.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** What one answer looks like, for the OpenAPI document. */
export interface ResponseDescription {
  description: string;
  schema?: z.ZodType;
}

/** What is known of a route without its handler: the API reference and the tenancy tests are made from it. */
export interface RouteMetadata {
  method: Method;
  path: string;
  summary: string;
  description: string | undefined;
  tags: readonly string[];
  auth: 'token' | 'none';
  scopes: readonly Scope[];
  params: z.ZodObject;
  /** Undefined: any query. */
  query: z.ZodObject | undefined;
  body: z.ZodType | undefined;
  rawBody: boolean;
  responses: Readonly<Record<number, ResponseDescription>>;
}
