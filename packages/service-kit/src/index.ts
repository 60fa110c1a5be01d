export { createHealth, type Health, type HealthCheck, type HealthReport } from './health/health.ts';
export { type Answer, accepted, created, noContent, ok } from './http/answer.ts';
export { type App, type AppOptions, createApp } from './http/app.ts';
export { requireScope } from './http/authenticate.ts';
export { MAX_JSON_DEPTH, parseJsonBody } from './http/json-body.ts';
export { contextOf, type RequestContext } from './http/request-context.ts';
export { type RouteDefinition, type RouteInput, route } from './http/route.ts';
export type { Method, ResponseDescription, RouteMetadata } from './http/route-metadata.ts';
export type { Host } from './lifecycle/host.ts';
export { type Listening, listen } from './lifecycle/listen.ts';
export { type RunningService, runService, type ServiceContext, type ServiceOptions } from './lifecycle/run-service.ts';
export { type StopStep, shutDown } from './lifecycle/shutdown.ts';
export { decodeCursor, encodeCursor, pagedList } from './lists/cursor.ts';
export { describeError, type ErrorDescription } from './logger/describe-error.ts';
export { createLogger, type Logger, type LoggerOptions } from './logger/logger.ts';
export { createMetrics, type Metrics, metricsHandler } from './metrics/metrics.ts';
export { readFields } from './problems/field-faults.ts';
export {
  type FieldFault,
  invalidField,
  methodNotAllowed,
  notFound,
  type ProblemDocument,
  ProblemError,
  type ProblemOptions,
  problemDocument,
  unavailable,
} from './problems/problem-error.ts';
export { defineProblems, type ProblemKind, problems, problemTypeOf } from './problems/problem-kinds.ts';
export { isStoreAway } from './problems/store-away.ts';
export {
  createRateLimiter,
  type RateLimiter,
  type RateLimitVerdict,
  rateLimitHeaders,
} from './rate-limit/rate-limiter.ts';
export {
  booleanSetting,
  cidrListSetting,
  durationMsSetting,
  fields,
  integerSetting,
  publicUrlSetting,
  serviceFields,
  textSetting,
} from './settings/fields.ts';
export { listSettings, type SettingDescription, startSummary } from './settings/list-settings.ts';
export { loadSettings } from './settings/load-settings.ts';
export type { EncryptionKey } from './settings/parse.ts';
export { privateRangesOnlyInSandbox, sendingFields } from './settings/sending-fields.ts';
export {
  defineSettings,
  type Environment,
  optional,
  type Setting,
  type SettingFault,
  type SettingsDefinition,
  type SettingsOf,
  type SettingsRule,
  type SettingsShape,
  setting,
  withDefault,
} from './settings/setting.ts';
export { SettingsError } from './settings/settings-error.ts';
export { oneTokenKey, tokenFields, tokenSettingsOf } from './settings/token-fields.ts';
export { type Actor, ownerClaim, parseScopes, SCOPES, type Scope, type TokenOwner } from './tokens/actor.ts';
export { type TokenClaims, tokenClaims } from './tokens/claims.ts';
export type { FetchJson } from './tokens/key-source.ts';
export { mintToken, type TokenRequest } from './tokens/mint-token.ts';
export { PublicKeyError } from './tokens/public-keys.ts';
export type { TokenKeys, TokenSettings } from './tokens/token-settings.ts';
export {
  createTokenVerifier,
  type TokenRefusal,
  type TokenVerdict,
  type TokenVerifier,
  type TokenVerifierOptions,
} from './tokens/token-verifier.ts';
export { watchClock } from './watching/watch-clock.ts';
export { watchSeals } from './watching/watch-seals.ts';
