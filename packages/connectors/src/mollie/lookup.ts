import type { Question } from '../enrichment/fetch-object.ts';
import { fieldsOf } from '../payload/fields.ts';
import { MOLLIE_ID } from './notification.ts';

/**
 * How to ask Mollie about the thing of this id, whose first letters say what it is (docs.mollie.com/reference). Null for
 * things that an API key cannot look up. A refund, a chargeback or a subscription alone has no address of its own: it is
 * the first of the list that begins with it.
 */
export function lookupOf(id: string, apiBaseUrl: string): Question | null {
  if (!MOLLIE_ID.test(id)) {
    return null;
  }
  const at = (path: string): Question => ({ url: `${apiBaseUrl}/v2/${path}`, id });
  const listed = (name: string, query = ''): Question => ({
    ...at(`${name}?from=${id}&limit=1${query}`),
    pick: (answer) => firstOf(fieldsOf(answer._embedded)[name]),
  });
  switch (id.slice(0, id.indexOf('_'))) {
    case 'tr':
      return at(`payments/${id}?embed=refunds,chargebacks`);
    case 'ord':
      return at(`orders/${id}?embed=payments,refunds`);
    case 'pl':
      return at(`payment-links/${id}`);
    case 're':
      return listed('refunds', '&embed=payment');
    case 'chb':
      return listed('chargebacks', '&embed=payment');
    case 'sub':
      return listed('subscriptions');
    default:
      return null;
  }
}

function firstOf(list: unknown): unknown {
  return Array.isArray(list) ? list[0] : null;
}
