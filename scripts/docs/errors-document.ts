import { type ProblemKind, problems, problemTypeOf } from '@owngateway/service-kit';
import { ingressProblems } from '../../services/ingress/src/notifications/refusal.ts';
import { apiProblems } from '../../services/subscriptions/src/problems.ts';
import { markdownTable } from './markdown-table.ts';

const INTRODUCTION = `# Errors

<!-- Generated from the problems that the code declares by \`npm run docs\`; a test compares. -->

Every error is a problem document (RFC 9457), \`Content-Type: application/problem+json\`:

\`\`\`json
{"type":"/errors/validation","title":"A field is not valid","status":422,"detail":"...","instance":"/v1/subscriptions",
 "request_id":"...","errors":[{"field":"url","code":"not_https","message":"..."}]}
\`\`\`

- \`type\` is stable: let programs decide by it. Each one is a heading below.
- \`title\` says the same every time, \`detail\` is about this request; both are for people and may change.
- \`request_id\` is also in the header \`X-Request-Id\` and in every log line of the request: name it when you ask for help.
- \`errors\` names every invalid field or parameter, and its \`message\` says what is allowed; \`code\` is stable, such as \`required\`, \`unknown_field\` or \`invalid_type\`.
- \`support\` is there when the operator has set \`SUPPORT_CONTACT\`.
- 429 and 503 carry \`Retry-After\`: wait that many seconds. What else answers 4xx fails again until the request is changed.

Two answers are plainer: a refused notification (\`POST /webhooks/{merchant_id}/{connector_name}\`, 401) has the same bytes whatever the
reason, without \`instance\` and \`request_id\`. And what cannot be read as HTTP at all (400, 408, 413, 431) has the \`type\` \`about:blank\`, a \`status\` and a
\`detail\`, neither of those two, and ends the connection.
`;

/** docs/errors.md: every problem that a service declares, by its stable type. */
export function errorsDocument(): string {
  const everywhere = Object.values(problems);
  const ingress = Object.values(ingressProblems);
  const api = Object.values(apiProblems);
  const overview = [...everywhere, ...ingress, ...api].map((kind) => [link(kind), String(kind.status), kind.title]);
  return [
    INTRODUCTION,
    `## Overview\n\n${markdownTable(['Type', 'Status', 'Title'], overview)}\n`,
    `## Of every service\n\n${everywhere.map(entry).join('\n')}`,
    `## Of ingress\n\n${ingress.map(entry).join('\n')}`,
    `## Of the subscription service\n\n${api.map(entry).join('\n')}`,
  ].join('\n');
}

function nameOf(kind: ProblemKind): string {
  return problemTypeOf(kind).replace('/errors/', '');
}

function link(kind: ProblemKind): string {
  return `[\`${problemTypeOf(kind)}\`](#${nameOf(kind)})`;
}

function entry(kind: ProblemKind): string {
  return `### ${nameOf(kind)}\n\n${kind.status}, ${kind.title}. ${kind.description}\n`;
}
