/** Why the local stack could not do what was asked; one class, told apart by `code`. */
export type LocalStackErrorCode =
  | 'no_server'
  | 'install_failed'
  | 'start_failed'
  | 'port_taken'
  | 'data_in_use'
  | 'not_ours'
  | 'bad_setting';

/** A fault of the local stack. The sentence is for the person at the terminal and says what to do next. */
export class LocalStackError extends Error {
  readonly code: LocalStackErrorCode;

  constructor(code: LocalStackErrorCode, sentence: string, options?: { cause?: unknown }) {
    super(sentence, options);
    this.name = 'LocalStackError';
    this.code = code;
  }
}
