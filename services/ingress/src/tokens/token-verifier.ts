import { createAxios, createOutboundClient } from '@owngateway/outbound';
import {
  createTokenVerifier,
  type FetchJson,
  type ServiceContext,
  type TokenVerifier,
  tokenSettingsOf,
} from '@owngateway/service-kit';
import type { Store } from '@owngateway/store';
import type { ingressSettings } from '../config.ts';

/** Only an identity provider's key set is fetched, and only through the guarded client (rule 16). */
export function openTokenVerifier(
  { settings, onStop }: ServiceContext<typeof ingressSettings>,
  store: Pick<Store, 'revokedTokens'>,
): TokenVerifier {
  const isRevoked = (jti: string) => store.revokedTokens.isRevoked(jti);
  if (settings.JWT_JWKS_URL === undefined) {
    return createTokenVerifier(tokenSettingsOf(settings), { isRevoked });
  }
  const policy = { environment: settings.ENVIRONMENT, allowHttp: false, allowedPrivateRanges: [] };
  const client = createOutboundClient({ policy });
  onStop('outbound', () => client.close());
  const axios = createAxios(client);
  const fetchJson: FetchJson = async (url) => (await axios.get<unknown>(url, { responseType: 'json' })).data;
  return createTokenVerifier(tokenSettingsOf(settings), { isRevoked, fetchJson });
}
