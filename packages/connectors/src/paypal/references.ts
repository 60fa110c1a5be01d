import { type Fields, fieldsOf, reference, stringsOf, text } from '../payload/fields.ts';

/** What PayPal calls a purchase unit that the merchant gave no name. */
const NO_NAME = 'default';

/** The merchant's own reference, under the names that newer and older objects have for it; the order's number first. */
export function merchantReferenceOf(resource: Fields): string | null {
  const { reference_id: name } = resource;
  return (
    reference(resource.invoice_id) ??
    reference(resource.invoice_number) ??
    reference(resource.custom_id) ??
    reference(resource.custom) ??
    (name === NO_NAME ? null : reference(name))
  );
}

/** What else leads a merchant to its order, in PayPal's own words. */
export function metadataOf(resource: Fields): Record<string, string> {
  return stringsOf({
    custom_id: text(resource.custom_id) ?? text(resource.custom),
    order_id: relatedIdsOf(resource).order_id,
    subscription_id: resource.billing_agreement_id,
    dispute_life_cycle_stage: resource.dispute_life_cycle_stage,
    dispute_channel: resource.dispute_channel,
  });
}

/** The capture or sale that a refund or a reversal takes from: by name in older objects, by a link in newer ones. */
export function paymentGivenBack(resource: Fields): string | null {
  return (
    reference(relatedIdsOf(resource).capture_id) ??
    reference(resource.sale_id) ??
    reference(resource.capture_id) ??
    linkedPayment(resource.links)
  );
}

/** `https://api.paypal.com/v2/payments/captures/4L335234718889942` (rel `up`), `.../v1/payments/sale/...` (rel `sale`). */
const PAYMENT_LINK = /\/payments\/(?:captures?|sales?)\/(?<id>[A-Za-z0-9-]{1,64})$/;

function linkedPayment(links: unknown): string | null {
  const hrefs = Array.isArray(links) ? links.map((link) => text(fieldsOf(link).href) ?? '') : [];
  const ids = hrefs.map((href) => PAYMENT_LINK.exec(href)?.groups?.id);
  return ids.find((id) => id !== undefined) ?? null;
}

function relatedIdsOf(resource: Fields): Fields {
  return fieldsOf(fieldsOf(resource.supplementary_data).related_ids);
}
