/**
 * What a look-up may take, waiting for its turn included: far less than a delivery's deadline (15 s unless the merchant
 * says otherwise). A name server that needs longer goes on looking, so that the next attempt finds its answer ready.
 */
export const DNS_BUDGET_MS = 2_000;
