import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GROUPS } from './fault-row.ts';
import type { RowResult } from './run-row.ts';

const FOLDER = fileURLToPath(new URL('results', import.meta.url));

/** One line per row, as soon as it has ended. */
export function describeRow({ number, fault, figure, verdict, seconds }: RowResult): string {
  return `${String(number).padStart(3)}  ${verdict.padEnd(8)}${seconds.toFixed(1).padStart(6)} s  ${fault}: ${oneLine(figure)}`;
}

/** All rows as one Markdown table, ready for docs/reliability.md. */
export function tableOf(results: readonly RowResult[]): string[] {
  const lines = ['| # | Fault | Bar | Figure | Verdict |', '|---|---|---|---|---|'];
  let group: RowResult['group'] | undefined;
  for (const result of results) {
    if (result.group !== group) lines.push(`| | **${result.group}. ${GROUPS[result.group]}** | | | |`);
    group = result.group;
    const cells = [result.fault, result.bar, oneLine(result.figure), result.verdict];
    lines.push(`| ${result.number} | ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`);
  }
  return lines;
}

/** Writes the results as JSON under `tests/faults/results/` (git-ignored) and answers with the file's path. */
export async function writeResults(takenAt: Date, short: boolean, results: readonly RowResult[]): Promise<string> {
  await mkdir(FOLDER, { recursive: true });
  const file = join(FOLDER, `${takenAt.toISOString().replaceAll(':', '-')}.json`);
  await writeFile(file, `${JSON.stringify({ taken_at: takenAt.toISOString(), short, results }, null, 2)}\n`);
  return file;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
