/** A figure beside what was promised of it. */
export interface Judged {
  readonly figure: string;
  readonly value: number | null;
  readonly bar: string;
  readonly verdict: 'met' | 'missed' | 'not taken';
  /** Share of the machine that others used meanwhile (0-1), `null` when it was not measured. */
  readonly others_share: number | null;
}
