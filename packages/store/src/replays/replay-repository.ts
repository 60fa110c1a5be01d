import type { ReplayPosition, ReplaySelection } from '../deliveries/replay-selection.ts';
import type { Page, PageRequest } from '../page.ts';
import type { TenantScope } from '../tenant-scope.ts';

export type ReplayState = 'running' | 'done' | 'cancelled';

/** Why a delivery that was selected could not be replayed. */
export type ReplayFailure = 'payload_gone' | 'subscription_deleted';

/** What became of deliveries that a replay had found. */
export interface ReplayCounts {
  /** Began a new round. */
  replayed: number;
  /** Could not; why is in `failures`. */
  failed: number;
  /** Had moved on by their turn: delivered, cancelled, or replayed by somebody else. */
  skipped: number;
}

/** A bulk replay: many deliveries sent again in the background, and how far that is. */
export interface ReplayRecord {
  _id: string;
  /** Who asked; whom that reaches is looked up again at every step. `operator`, or such as `merchant:m_42`. */
  owner_key: string;
  owner: { level: 'operator' | 'reseller' | 'portfolio' | 'merchant'; id: string };
  selection: ReplaySelection;
  rate_per_s: number;
  state: ReplayState;
  position: ReplayPosition;
  /**
   * What is being replayed now: written before the first of them is, so that whoever goes on after a crash does exactly
   * these again and counts them once. Null in between.
   */
  batch: { ids: string[]; next: ReplayPosition | null } | null;
  /** Found so far, the batch at hand included; in the end replayed, failed and skipped together. */
  matched: number;
  replayed: number;
  failed: number;
  skipped: number;
  failures: Record<ReplayFailure, number>;
  /** When the next step is due, or how long nobody else may take this one. Absent when nothing is left to do (sparse index). */
  next_step_at?: Date;
  /** Who is at work on a step. */
  lease_token?: string;
  created_at: Date;
  completed_at: Date | null;
}

/** A step of a replay that somebody has taken. */
export interface ReplayStep {
  replayId: string;
  token: string;
}

/** Bulk replays. Whatever moves one on compares and sets its lease, so a process that froze cannot count anything twice. */
export interface ReplayRepository {
  create(record: ReplayRecord): Promise<void>;
  /** Null when missing or not the tenant's. */
  get(scope: TenantScope, id: string): Promise<ReplayRecord | null>;
  /** Newest first. */
  list(scope: TenantScope, page: PageRequest): Promise<Page<ReplayRecord>>;
  /** How many replays of this owner are running. */
  countRunning(ownerKey: string): Promise<number>;
  /** Stops a running one; what is cancelled already stays so. `done` when it has ended. */
  cancel(scope: TenantScope, id: string, at: Date): Promise<ReplayRecord | 'not_found' | 'done'>;
  /**
   * Takes the step that has been due longest and gives it to `token` alone for `leaseMs`. Null when none is due. A cancelled
   * replay comes up too, once, so that its last batch is counted.
   */
  takeStep(take: { token: string; now: Date; leaseMs: number }): Promise<ReplayRecord | null>;
  /** Writes down what the step is going to replay. False when the replay was cancelled or the step taken away: then nothing may be. */
  beginBatch(step: ReplayStep, batch: NonNullable<ReplayRecord['batch']>): Promise<boolean>;
  /**
   * Ends a step: counts, moves on to `next`, gives the lease back. With `next` null the replay is done, unless it was
   * cancelled meanwhile. False when the step was taken away: then whoever has it counts.
   */
  endStep(
    step: ReplayStep,
    end: {
      next: ReplayPosition | null;
      counts: ReplayCounts;
      failures: Partial<Record<ReplayFailure, number>>;
      nextStepAt: Date;
      now: Date;
    },
  ): Promise<boolean>;
}
