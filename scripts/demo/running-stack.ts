import { readFile } from 'node:fs/promises';
import { startSettings } from '../start/start-settings.ts';

/** What `npm start` says of the stack that it runs, as far as others need it. */
export interface RunningStack {
  ingress_url: string;
  api_url: string;
  operator_token: string;
}

const PATIENCE_MS = 2_000;

/** The stack that `npm start` runs now (`DATA_DIR` chooses); null when there is none, or only the file of one that is gone. */
export async function findRunningStack(): Promise<RunningStack | null> {
  const text = await readFile(startSettings([]).stackFile, 'utf8').catch(() => null);
  if (text === null) return null;
  const stack = JSON.parse(text) as RunningStack;
  const answers = await Promise.all([stack.ingress_url, stack.api_url].map(isReady));
  return answers.every(Boolean) ? stack : null;
}

async function isReady(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => null);
  return answer?.ok ?? false;
}
