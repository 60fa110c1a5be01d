import { type Classification, classify, type SuccessRule } from '@owngateway/domain';

const EVENT_ID = 'evt_00000000000000000000000000000000';

/** The columns: what a subscription's `success` says, and whether the event id is in the body of the answer. */
const COLUMNS: readonly { title: string; success: SuccessRule; body: string }[] = [
  { title: '`success: 2xx`', success: '2xx', body: '' },
  { title: '`success: 200`', success: '200', body: '' },
  { title: '`success: echo`, with the event id', success: 'echo', body: EVENT_ID },
  { title: '`success: echo`, without', success: 'echo', body: '' },
];

/**
 * What becomes of a delivery for every status from 200 to 599, as a Markdown table: asked of the code that decides, so that
 * docs/deliveries.md cannot say anything else (a test compares), and one row of the fault harness asks a running gateway.
 */
export function responseTable(): string[] {
  const lines = [
    `| Status | ${COLUMNS.map(({ title }) => title).join(' | ')} |`,
    `|---${'|---'.repeat(COLUMNS.length)}|`,
  ];
  let from = 200;
  for (let status = 200; status <= 599; status += 1) {
    const verdicts = verdictsOn(status);
    if (status < 599 && verdictsOn(status + 1).join() === verdicts.join()) continue;
    lines.push(`| ${from === status ? status : `${from}-${status}`} | ${verdicts.join(' | ')} |`);
    from = status + 1;
  }
  return lines;
}

function verdictsOn(status: number): string[] {
  return COLUMNS.map(({ success, body }) =>
    wordFor(
      classify({ kind: 'response', status, headers: {}, body }, { success, eventId: EVENT_ID, now: new Date(0) }),
    ),
  );
}

function wordFor({ kind, outcome }: Classification): string {
  switch (kind) {
    case 'delivered':
      return 'delivered';
    case 'retry':
      return `retried, \`${outcome}\``;
    case 'disable_subscription':
      return `subscription disabled, delivery held, \`${outcome}\``;
  }
}
