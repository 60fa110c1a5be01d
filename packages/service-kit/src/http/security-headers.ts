import type { RequestHandler } from 'express';

const HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

/** Headers that suit JSON answers; a route that answers with a page sets its own Content-Security-Policy. */
export function securityHeaders(environment: 'sandbox' | 'production'): RequestHandler {
  const headers: Record<string, string> = { ...HEADERS };
  // Browsers disregard it over plain http, so it does no harm behind a proxy that ends TLS.
  if (environment === 'production') headers['Strict-Transport-Security'] = 'max-age=31536000; includeSubDomains';
  return (_request, response, next) => {
    response.set(headers);
    next();
  };
}
