import type { Stack } from '@owngateway/local-stack';
import { DEMO_MERCHANT, type DemoMerchant } from './demo-merchant.ts';

/** What a person sees when everything is ready: addresses, tokens and lines to paste into a shell with curl and openssl. */
export function greeting(stack: Stack, demo: DemoMerchant, receiverUrl: string, stackFile: string): string {
  const { mongo, redis } = stack.stores;
  return `
OwnGateway Webhooks is ready (environment ${stack.settings.ENVIRONMENT}).

  Ingress        ${stack.ingressUrl}      connectors call POST /webhooks/{merchant_id}/{connector_name}
  API            ${stack.apiUrl}      reference at ${stack.apiUrl}/docs
  Dashboard      ${stack.apiUrl}/dashboard
  Demo receiver  ${receiverUrl}      what it got: ${receiverUrl}/received
  MongoDB        ${mongo.kind} ${mongo.version ?? ''}
  Redis          ${redis.kind} ${redis.version ?? ''}

  These facts for programs: ${stackFile}

Paste this first; the tokens are for this installation only:

export MERCHANT_TOKEN='${demo.merchantToken}'
export OPERATOR_TOKEN='${demo.operatorToken}'

Send a Stripe notification to merchant ${DEMO_MERCHANT}, signed as Stripe signs (its event arrives below):

T=$(date +%s); BODY='{"id":"evt_demo_'$T'","object":"event","type":"payment_intent.succeeded","created":'$T',"livemode":false,"data":{"object":{"id":"pi_demo_'$T'","object":"payment_intent","amount":2000,"amount_received":2000,"currency":"usd","status":"succeeded","metadata":{}}}}'
SIG=$(printf '%s' "$T.$BODY" | openssl dgst -sha256 -hmac '${stack.secrets.stripe_signing_secret}' | sed 's/^.* //')
curl -si ${demo.stripeWebhookUrl} -H 'content-type: application/json' -H "Stripe-Signature: t=$T,v1=$SIG" -d "$BODY"

See its delivery:

curl -s '${stack.apiUrl}/v1/deliveries?limit=5' -H "authorization: Bearer $MERCHANT_TOKEN"

Subscribe a URL of your own:

curl -s ${stack.apiUrl}/v1/subscriptions -H "authorization: Bearer $MERCHANT_TOKEN" -H 'content-type: application/json' \\
  -d '{"url":"${receiverUrl}/mine","event_types":["payment_*"]}'

Ctrl-C stops everything.
`;
}
