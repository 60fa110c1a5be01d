import { type Instrument, startInstrument } from '../instruments/instrument.ts';
import type { EventRange } from './arrivals.ts';

/** What the receiver's process can be asked. */
export type ReceiverMethods = {
  /** Opens so many endpoints, each a port of 127.0.0.1 (so that each is an origin of its own), and answers with the ports. */
  open(count: number): Promise<number[]>;
  /** From now on this endpoint takes requests and never answers. `null`: all answer, and the held connections are cut. */
  hang(endpoint: number | null): void;
  /** From now on these endpoints take requests and answer 500; none unless told. */
  fail(endpoints: readonly number[]): void;
  /** Waits until `count` events of a range have arrived or the time is over; answers how many have. */
  waitFor(wanted: { range: EventRange; count: number; timeoutMs: number }): Promise<number>;
  /** When each event of a range arrived first: monotonic milliseconds, 0 for those that did not. */
  times(range: EventRange): Float64Array;
  counts(): { repeated: number; hung: number };
  /** The first body that arrived. */
  sample(): string | null;
};

/** Merchants' endpoints in one cheap process. */
export interface Receiver extends Instrument<ReceiverMethods> {
  readonly ports: readonly number[];
}

/** Starts the receiver with so many endpoints. */
export async function startReceiver(endpoints: number): Promise<Receiver> {
  const instrument = await startInstrument<ReceiverMethods>(import.meta.url, 'receiver-process.ts');
  return { ...instrument, ports: await instrument.call('open', endpoints) };
}
