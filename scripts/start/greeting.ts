import type { Stack } from '@owngateway/local-stack';
import { DEMO_MERCHANT, type DemoMerchant } from './demo-merchant.ts';

/** What a person sees when everything is ready: addresses, tokens and lines to paste into a shell with curl and openssl. */
export function greeting(
  stack: Stack,
  demo: DemoMerchant,
  receiverUrl: string,
  files: { stack: string; logs: string },
): string {
  const { mongo, redis } = stack.stores;
  return `
OwnGateway Webhooks is ready (environment ${stack.settings.ENVIRONMENT}).

  Ingress        ${stack.ingressUrl}      connectors call POST /webhooks/{merchant_id}/{connector_name}
  API            ${stack.apiUrl}      described by ${stack.apiUrl}/openapi.json
  Demo receiver  ${receiverUrl}      what it got: ${receiverUrl}/received
  MongoDB        ${mongo.kind} ${mongo.version ?? ''}
  Redis          ${redis.kind} ${redis.version ?? ''}
  Logs           ${files.logs}

  These facts for programs: ${files.stack}

Paste this first; the tokens are for this installation only:

export INGRESS=${stack.ingressUrl} API=${stack.apiUrl} RECEIVER=${receiverUrl}
export MERCHANT_TOKEN='${demo.merchantToken}'
export OPERATOR_TOKEN='${demo.operatorToken}'
export STRIPE_SECRET='${stack.secrets.stripe_signing_secret}'

Send a Stripe notification to merchant ${DEMO_MERCHANT}, signed as Stripe signs (its event arrives below):

T=$(date +%s); BODY='{"id":"evt_demo_'$T'","object":"event","type":"payment_intent.succeeded","created":'$T',"livemode":false,"data":{"object":{"id":"pi_demo_'$T'","object":"payment_intent","amount":2000,"currency":"usd","status":"succeeded","metadata":{"order_id":"A-17"}}}}'
SIG=$(printf '%s' "$T.$BODY" | openssl dgst -sha256 -hmac "$STRIPE_SECRET" | sed 's/^.* //')
curl -si ${demo.stripeWebhookUrl} -H 'content-type: application/json' -H "Stripe-Signature: t=$T,v1=$SIG" -d "$BODY"

See its delivery:

curl -sw '\\n' "$API/v1/deliveries?limit=5" -H "authorization: Bearer $MERCHANT_TOKEN"

What to do next, step by step: README.md, "Your first event".

Ctrl-C stops everything.
`;
}
