// Strings are spelled as ranges that leave out the control characters, the quote and the backslash.
const STRING = String.raw`"(?:[ !#-\[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"`;
const SCALAR = String.raw`-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null`;
const TOKEN = new RegExp(String.raw`[ \t\r\n]*([{}[\],:]|${STRING}|${SCALAR})`, 'y');
const SPACE = /[ \t\r\n]*/y;

/** What may come next, between two tokens. */
type Expecting = 'value' | 'first item' | 'key' | 'first key' | 'colon' | 'after member' | 'after item' | 'end';

/** Which kinds of token each state takes, and what follows; `open` and `close` depend on what surrounds them. */
const NEXT: Record<Expecting, Readonly<Record<string, Expecting | 'open' | 'close' | 'done'>>> = {
  value: { '{': 'open', '[': 'open', string: 'done', scalar: 'done' },
  'first item': { '{': 'open', '[': 'open', string: 'done', scalar: 'done', ']': 'close' },
  key: { string: 'colon' },
  'first key': { string: 'colon', '}': 'close' },
  colon: { ':': 'value' },
  'after member': { ',': 'key', '}': 'close' },
  'after item': { ',': 'value', ']': 'close' },
  end: {},
};

/**
 * Where a text that JSON.parse refused stops being JSON (lines and columns from 1). V8's own messages quote the text
 * around the mistake and often leave the position out.
 */
export function findJsonMistake(text: string): { line: number; column: number } {
  const open: string[] = [];
  let expecting: Expecting = 'value';
  let position = 0;
  for (;;) {
    TOKEN.lastIndex = position;
    const token = TOKEN.exec(text)?.[1];
    const next = token === undefined ? undefined : NEXT[expecting][kindOf(token)];
    if (token === undefined || next === undefined) return placeOf(text, skipSpace(text, position));
    position = TOKEN.lastIndex;
    expecting = stateAfter(next, token, open);
  }
}

function stateAfter(next: Expecting | 'open' | 'close' | 'done', token: string, open: string[]): Expecting {
  if (next === 'open') {
    open.push(token);
    return token === '{' ? 'first key' : 'first item';
  }
  if (next === 'close') open.pop();
  return next === 'close' || next === 'done' ? afterValue(open.at(-1)) : next;
}

function kindOf(token: string): string {
  if (token.startsWith('"')) return 'string';
  return '{}[],:'.includes(token) ? token : 'scalar';
}

function afterValue(surrounding: string | undefined): Expecting {
  if (surrounding === undefined) return 'end';
  return surrounding === '{' ? 'after member' : 'after item';
}

function skipSpace(text: string, from: number): number {
  SPACE.lastIndex = from;
  SPACE.exec(text);
  return SPACE.lastIndex;
}

function placeOf(text: string, position: number): { line: number; column: number } {
  const before = text.slice(0, position).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
