// npm run faults: breaks a gateway in every way of the plan and checks what it promises. See docs/reliability.md.
import { readOptions, USAGE, UsageError } from './options.ts';
import { describeRow, tableOf, writeResults } from './report.ts';
import { rows } from './rows.ts';
import { type RowResult, runRow } from './run-row.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args, rows);
  if (options === 'help') {
    say(USAGE);
    return 0;
  }
  const takenAt = new Date();
  const results: RowResult[] = [];
  for (const row of rows.filter(options.wanted)) {
    const result = await runRow(row, options.short);
    results.push(result);
    say(describeRow(result));
  }
  say(['', ...tableOf(results), ''].join('\n'));
  say(`Written to ${await writeResults(takenAt, options.short, results)}`);
  const bad = results.filter(({ verdict }) => verdict === 'not met' || verdict === 'failed');
  if (bad.length > 0) say(`Not met: ${bad.map(({ number }) => number).join(', ')}`);
  return bad.length > 0 || results.length === 0 ? 1 : 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n\n${USAGE}\n`);
  process.exitCode = 2;
}
