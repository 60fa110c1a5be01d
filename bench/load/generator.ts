import { type Instrument, startInstrument } from '../instruments/instrument.ts';
import type { Load, LoadResult } from './load.ts';

/** What the load generator's process can be asked. */
export type GeneratorMethods = {
  /** Makes and signs a load's requests. */
  prepare(load: Load): void;
  /** Sends the load that was prepared; resolves when every request has ended. */
  fire(argument?: undefined): Promise<LoadResult>;
};

/** The load generator, in a process of its own. */
export type Generator = Instrument<GeneratorMethods>;

/** Starts the load generator. */
export function startGenerator(): Promise<Generator> {
  return startInstrument<GeneratorMethods>(import.meta.url, 'generator-process.ts');
}
