import { rows } from './rows.ts';
import { runRow } from './run-row.ts';

// A busy machine takes three times as long as an idle one.
jest.setTimeout(180_000);

describe('the short form of npm run faults', () => {
  test.each(rows.filter(({ short }) => short).map((row) => [`${row.number} ${row.fault}: ${row.bar}`, row] as const))(
    '%s',
    async (_title, row) => {
      const { verdict, figure } = await runRow(row, true);
      expect({ verdict: verdict === 'not run' ? 'met' : verdict, figure }).toEqual({ verdict: 'met', figure });
    },
  );
});
