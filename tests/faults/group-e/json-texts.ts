import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A text, and what RFC 8259 says of it: JSON (`y`), not JSON (`n`), or left to the reader (`i`). */
export interface JsonText {
  name: string;
  kind: 'y' | 'n' | 'i';
  bytes: Buffer;
}

const VALID = [
  '[]',
  '{}',
  ' \t\r\n[ \t\r\n] \t\r\n',
  '{"":0}',
  '{"a":1,"a":2}',
  '{"__proto__":{"a":1}}',
  '[null,true,false]',
  'true',
  'null',
  '"text"',
  '-0',
  '[-0.0,0e1,0E+1,1e-2,123.456e78,-1E-1]',
  '9007199254740993',
  '"\\u0000\\u001f\\u007f\\uffff\\uD83D\\uDE00"',
  '"\\"\\\\\\/\\b\\f\\n\\r\\t"',
  '"\u007f\u2028\u2029\uffff\u{10ffff}\u0301"',
  '"\u202e\u200b\ufeff"',
  `"${'x'.repeat(65_536)}"`,
  `[${'0,'.repeat(10_000)}0]`,
  `{${Array.from({ length: 1_000 }, (_, n) => `"${n}":${n}`).join(',')}}`,
];

const INVALID = [
  '',
  ' ',
  '[',
  ']',
  '{',
  '}',
  '[[',
  '[]]',
  '{}}',
  '[][]',
  '{}{}',
  '[1,]',
  '[,1]',
  '[1,,2]',
  '[,]',
  '[1 2]',
  '[1:2]',
  '["a":1]',
  '{"a"}',
  '{"a":}',
  '{"a",1}',
  '{:1}',
  '{a:1}',
  "{'a':1}",
  '{1:1}',
  '{null:1}',
  '{"a":1,}',
  '{,"a":1}',
  '{"a":1 "b":2}',
  '{"a"::1}',
  '{"a":1,,"b":2}',
  '{"a":1}/**/',
  '{"a":1}//',
  '/**/{}',
  '# {}',
  '[1]x',
  '{}#',
  '[1',
  '["a',
  '["a"',
  '["a\\',
  '["a\\"]',
  '{"a":"b',
  '{"a":1',
  'tru',
  'True',
  'TRUE',
  'nul',
  'fals',
  'undefined',
  'NaN',
  '-NaN',
  'Infinity',
  '-Infinity',
  '+1',
  '++1',
  '--1',
  '-',
  '- 1',
  '.1',
  '-.1',
  '1.',
  '1.e1',
  '01',
  '-01',
  '00',
  '0x1',
  '0b1',
  '1_000',
  '1e',
  '1e+',
  '1E-',
  '1ee1',
  '1e1.5',
  '1.2.3',
  '1 000',
  '１',
  '1n',
  "'text'",
  '`text`',
  '"',
  '"""',
  '"\t"',
  '"\n"',
  '"\u0000"',
  '"\u001f"',
  '"\\x41"',
  '"\\a"',
  '"\\0"',
  '"\\\u00e5"',
  '"\\u"',
  '"\\u12"',
  '"\\u12G4"',
  '"\\U0041"',
  '"\\\n"',
  '“text”',
  '\u00a0[]',
  '\u2028[]',
  '\u3000[]',
  '\f[]',
  '\v[]',
  '\u0000[]',
  '[]\u0000',
  '[\u0000]',
  '<!-- -->[]',
  '<a/>',
  'a=1&b=2',
  '...',
  '*',
  'function(){}',
  'new Date()',
  `${'['.repeat(100_000)}`,
  `${'{"a":'.repeat(50_000)}`,
  `[${'[],'.repeat(10_000)}`,
];

const EITHER = [
  '1e400',
  '-1e400',
  '1e-400',
  `${'9'.repeat(1_000)}`,
  `0.${'1'.repeat(1_000)}`,
  '"\\ud800"',
  '"\\udc00\\ud800"',
];

/** Not text at all; a reader that replaces what it cannot decode would take some of these. */
const BYTES: readonly number[][] = [
  [0x22, 0xff, 0x22],
  [0x22, 0xc0, 0xaf, 0x22],
  [0x22, 0xe9, 0x22],
  [0x22, 0xed, 0xa0, 0x80, 0x22],
  [0x22, 0xf4, 0xbf, 0xbf, 0xbf, 0x22],
  [0x22, 0xc3, 0x28, 0x22],
  [0xff, 0xfe, 0x5b, 0x00, 0x5d, 0x00],
  [0x5b, 0x80, 0x5d],
];

/**
 * Texts written after the grammar of RFC 8259; or, instead, the files of a folder whose names begin with their kind, such as
 * `test_parsing` of nst/JSONTestSuite: `JSON_TEXTS=<folder>`.
 */
export function jsonTexts(): JsonText[] {
  const folder = process.env.JSON_TEXTS;
  if (folder !== undefined) {
    const names = readdirSync(folder).filter((name) => /^[yni]_/.test(name));
    return names.map((name) => ({ name, kind: name[0] as JsonText['kind'], bytes: readFileSync(join(folder, name)) }));
  }
  const deep = `${'['.repeat(500)}${']'.repeat(500)}`;
  return [
    ...VALID.map((text) => named('y', Buffer.from(text))),
    ...INVALID.map((text) => named('n', Buffer.from(text))),
    ...BYTES.map((bytes) => named('n', Buffer.from(bytes))),
    ...[...EITHER, deep].map((text) => named('i', Buffer.from(text))),
  ];
}

function named(kind: JsonText['kind'], bytes: Buffer): JsonText {
  return { name: `${kind} ${JSON.stringify(bytes.toString('latin1').slice(0, 40))}`, kind, bytes };
}
