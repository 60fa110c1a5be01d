import os from 'node:os';
import mongoose, { type Connection } from 'mongoose';

/** What a connection to MongoDB needs to know. */
export interface ConnectOptions {
  /** An embedded one-node server wants `directConnection=true` in it. */
  mongoUrl: string;
  /** Shown in the server's log and `currentOp`. */
  appName: string;
  /** Publishes every command to `connection.getClient()`, for tests. */
  monitorCommands?: boolean;
}

/** Writes that must survive: acknowledged by a majority, in its journals (P1). */
export const DURABLE = { writeConcern: { w: 'majority', j: true } } as const;

/** Lists that find no good index must not occupy the database for long. */
export const LIST_MAX_TIME_MS = 5_000;

/**
 * Opens a connection of its own with the settings of security-minded mongoose: unknown fields in filters throw, operators in values are
 * defused unless marked as trusted, nothing is buffered while the database is away. `ignoreUndefined` stays off: it would turn
 * `{merchant_id: undefined}` into a filter that finds everybody's records.
 */
export async function connect({ mongoUrl, appName, monitorCommands = false }: ConnectOptions): Promise<Connection> {
  const instance = new mongoose.Mongoose({
    strictQuery: 'throw',
    sanitizeFilter: true,
    autoIndex: false,
    autoCreate: false,
    bufferCommands: false,
  });
  const connection = instance.createConnection(mongoUrl, {
    appName,
    autoIndex: false,
    autoCreate: false,
    bufferCommands: false,
    monitorCommands,
    // Group commit keeps few writes under way; the rest is room for lists and look-ups.
    maxPoolSize: 20,
    serverSelectionTimeoutMS: 4_000,
    connectTimeoutMS: 4_000,
    waitQueueTimeoutMS: 5_000,
    socketTimeoutMS: 20_000,
    // Retryable writes stay as the URL says: the driver uses them only where the server supports them.
    writeConcern: DURABLE.writeConcern,
    ignoreUndefined: false,
    // By itself the driver loads it with `import()`, which jest's CommonJS does not have: the handshake would lack its metadata.
    runtimeAdapters: { os },
  });
  // Losing the server later is reported by the operations that need it; without a listener it would end the process.
  connection.on('error', () => undefined);
  try {
    return await connection.asPromise();
  } catch (error) {
    await connection.close().catch(() => undefined);
    throw error;
  }
}
