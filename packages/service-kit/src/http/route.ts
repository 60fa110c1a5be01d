import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Logger } from '../logger/logger.ts';
import type { Actor, Scope } from '../tokens/actor.ts';
import { type Answer, sendAnswer } from './answer.ts';
import type { App } from './app.ts';
import { requireScope } from './authenticate.ts';
import { createBodyReader } from './json-body.ts';
import { contextOf } from './request-context.ts';
import type { Method, ResponseDescription, RouteMetadata } from './route-metadata.ts';
import { readJsonBody, readParams, readQuery, strict } from './validate.ts';

type Shape = z.ZodRawShape;
type NoFields = Record<never, never>;

/** What a handler gets, validated. */
export interface RouteInput<P extends Shape, Q extends Shape, B extends z.ZodType, A extends 'token' | 'none'> {
  params: z.output<z.ZodObject<P>>;
  query: z.output<z.ZodObject<Q>>;
  body: z.output<B>;
  /** Undefined exactly when the route has `auth: 'none'`. */
  actor: A extends 'none' ? undefined : Actor;
  requestId: string;
  /** Carries the request id. */
  logger: Logger;
  /** The body's bytes as they came; empty unless the route declares `body` or `rawBody`. */
  rawBody: Buffer;
  /** For headers and the caller's address. */
  request: Request;
}

export interface RouteDefinition<P extends Shape, Q extends Shape, B extends z.ZodType, A extends 'token' | 'none'> {
  method: Method;
  /** Express syntax: `/v1/subscriptions/:id`. */
  path: string;
  /** One line for the API reference. */
  summary: string;
  description?: string;
  tags?: readonly string[];
  /** A bearer token is required unless this is `none`. */
  auth?: A;
  /** Scopes that the token must carry, all of them. */
  scope?: Scope | readonly Scope[];
  /** Path parameters; one that does not fit answers 404, since nothing with such an id exists, or 422 where PUT would make it. */
  params?: P;
  /** The only query parameters that are accepted; `any` leaves the query alone (read it from `request.query`). */
  query?: Q | 'any';
  /** JSON body; unknown fields are refused. A schema that accepts `undefined` makes the body optional. */
  body?: B;
  /** Instead of `body`: the bytes as they came, whatever their media type. */
  rawBody?: { limitBytes: number };
  responses?: Readonly<Record<number, ResponseDescription>>;
  handler: (input: RouteInput<P, Q, B, A>) => Answer | Promise<Answer>;
}

/**
 * Adds a route. In this order: token and rate limit (401, 429), scope (403), path (404, PUT: 422), query (400), body (415,
 * 413, 400, 422), handler.
 */
export function route<
  P extends Shape = NoFields,
  Q extends Shape = NoFields,
  B extends z.ZodType = z.ZodUndefined,
  A extends 'token' | 'none' = 'token',
>(app: App, definition: RouteDefinition<P, Q, B, A>): void {
  const metadata = metadataOf(definition);
  if (metadata.auth === 'token' && app.authenticate === undefined) {
    throw new Error(`${metadata.method} ${metadata.path} needs tokens, but the app was made without a verifier`);
  }
  app.addRoute(metadata);
  const readBytes = createBodyReader(definition.rawBody?.limitBytes ?? app.bodyLimitBytes);
  const wantsBytes = metadata.body !== undefined || metadata.rawBody;

  app.router[metadata.method](metadata.path, async (request: Request, response: Response) => {
    const context = contextOf(response);
    context.route = metadata.path;
    const actor = metadata.auth === 'token' ? await app.authenticate?.(request, response) : undefined;
    if (actor !== undefined) requireScope(actor, ...metadata.scopes);
    const params = readParams(metadata.params, request);
    const query = metadata.query === undefined ? {} : readQuery(metadata.query, request);
    const rawBody = wantsBytes ? await readBytes(request, response) : Buffer.alloc(0);
    const body = metadata.body === undefined ? undefined : readJsonBody(metadata.body, request, rawBody);
    const { requestId, logger } = context;
    // The schemas above are the ones that the input's types were inferred from.
    const input = { params, query, body, actor, requestId, logger, rawBody, request };
    sendAnswer(response, await definition.handler(input as RouteInput<P, Q, B, A>));
  });
}

function metadataOf<P extends Shape, Q extends Shape, B extends z.ZodType, A extends 'token' | 'none'>(
  definition: RouteDefinition<P, Q, B, A>,
): RouteMetadata {
  const { scope = [], query = {}, params = {} } = definition;
  return {
    method: definition.method,
    path: definition.path,
    summary: definition.summary,
    description: definition.description,
    tags: definition.tags ?? [],
    auth: definition.auth ?? 'token',
    scopes: typeof scope === 'string' ? [scope] : scope,
    params: z.object(params),
    query: query === 'any' ? undefined : z.strictObject(query),
    body: definition.body === undefined ? undefined : strict(definition.body),
    rawBody: definition.rawBody !== undefined,
    responses: definition.responses ?? {},
  };
}
