import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeSchedule } from '@owngateway/domain';
import { responseTable } from '../../scripts/docs/response-table.ts';

const document = readFileSync(join(__dirname, '..', '..', 'docs', 'deliveries.md'), 'utf8');

it('docs/deliveries.md says of every status what the code does', () => {
  expect(document).toContain(`\n\n${responseTable().join('\n')}\n\n`);
});

it('docs/deliveries.md says the delays that the policies have', () => {
  expect(describeSchedule('three-retries')).toEqual([30, 300, 1_800]);
  expect(document).toContain('| `three-retries` | 30 s, 5 min, 30 min |');
  expect(describeSchedule('exponential-24h').slice(0, 3)).toEqual([5, 10, 20]);
  expect(document).toContain('| `exponential-24h` | 5 s, 10 s, 20 s, ...');
});
