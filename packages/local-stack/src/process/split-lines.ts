import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Takes one line of output, without its line end. */
export type LineSink = (line: string) => void;

/** Hands each line of a stream to `sink`; empty lines are left out. */
export function splitLines(stream: Readable | null, sink: LineSink): void {
  if (stream === null) return;
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
    if (line !== '') sink(line);
  });
}
