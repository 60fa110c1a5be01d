/**
 * A request whose end can be read in two ways. `hidden` is a whole request that one of the two readers would find in it.
 * `start` is the first line and Host, without the blank line.
 */
export interface Shape {
  name: string;
  write(start: string, hidden: string): string;
}

const CHUNKED_NOTHING = '0\r\n\r\n';

/** A head with these lines, then an empty chunked body, then the hidden request; the length covers all of it. */
const withCoding = (name: string, ...lines: string[]): Shape => ({
  name,
  write: (start, hidden) => {
    const rest = `${CHUNKED_NOTHING}${hidden}`;
    return `${start}${lines.join('\r\n').replace('LENGTH', String(rest.length))}\r\n\r\n${rest}`;
  },
});

/** A head with these lines and the hidden request behind it. */
const withHead = (name: string, lines: string): Shape => ({
  name,
  write: (start, hidden) => `${start}${lines}\r\n\r\n${hidden}`,
});

/** A chunked body that is written so, and the hidden request behind it. */
const withBody = (name: string, body: string): Shape => ({
  name,
  write: (start, hidden) => `${start}Transfer-Encoding: chunked\r\n\r\n${body}${hidden}`,
});

const LENGTH = 'Content-Length: LENGTH';

/** After Kettle's and others' lists of how front and back read one connection differently (RFC 9112, 11.2). */
export const SHAPES: readonly Shape[] = [
  withCoding('length and coding', LENGTH, 'Transfer-Encoding: chunked'),
  withCoding('coding and length', 'Transfer-Encoding: chunked', LENGTH),
  withCoding('length 0 and coding', 'Content-Length: 0', 'Transfer-Encoding: chunked'),
  withCoding('length and a coding that is none', LENGTH, 'Transfer-Encoding: xchunked'),
  withCoding('length and identity', LENGTH, 'Transfer-Encoding: identity'),
  withCoding('length and an empty coding', LENGTH, 'Transfer-Encoding:'),
  withCoding('blank before the colon', LENGTH, 'Transfer-Encoding : chunked'),
  withCoding('tab before the colon', LENGTH, 'Transfer-Encoding\t: chunked'),
  withCoding('tab after the colon', LENGTH, 'Transfer-Encoding:\tchunked'),
  withCoding('vertical tab', LENGTH, 'Transfer-Encoding: \x0bchunked'),
  withCoding('form feed', LENGTH, 'Transfer-Encoding: \x0cchunked'),
  withCoding('NUL', LENGTH, 'Transfer-Encoding: chunked\0'),
  withCoding('quoted', LENGTH, 'Transfer-Encoding: "chunked"'),
  withCoding('folded', LENGTH, 'Transfer-Encoding:\r\n chunked'),
  withCoding('folded into another', LENGTH, 'X: x\r\n Transfer-Encoding: chunked'),
  withCoding('bare LF before it', LENGTH, 'X: x\nTransfer-Encoding: chunked'),
  withCoding('bare CR before it', LENGTH, 'X: x\rTransfer-Encoding: chunked'),
  withCoding('underscore', LENGTH, 'Transfer_Encoding: chunked', 'Transfer-Encoding: chunked'),
  withCoding('chunked twice', 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'),
  withCoding('chunked, chunked', 'Transfer-Encoding: chunked, chunked'),
  withCoding('another coding behind', 'Transfer-Encoding: chunked, gzip'),
  withCoding('another coding before', 'Transfer-Encoding: gzip, chunked'),
  withCoding('identity before', 'Transfer-Encoding: identity, chunked'),
  withCoding('a parameter', 'Transfer-Encoding: chunked;q=1'),
  withCoding('an empty one before', 'Transfer-Encoding: , chunked'),
  withCoding('in HTTP/1.0', 'Transfer-Encoding: chunked'),
  withHead('two lengths', 'Content-Length: 0\r\nContent-Length: 5'),
  withHead('the same length twice', 'Content-Length: 0\r\nContent-Length: 0'),
  withHead('a list of lengths', 'Content-Length: 0, 0'),
  withHead('plus', 'Content-Length: +0'),
  withHead('minus', 'Content-Length: -1'),
  withHead('hexadecimal', 'Content-Length: 0x0'),
  withHead('exponent', 'Content-Length: 0e0'),
  withHead('decimal', 'Content-Length: 0.0'),
  withHead('blank inside', 'Content-Length: 0 0'),
  withHead('empty', 'Content-Length:'),
  withHead('beyond 64 bits', 'Content-Length: 18446744073709551616'),
  withHead('other digits', 'Content-Length: \xd9\xa0'),
  withHead('bare LF heads', 'Content-Length: 0\n\nX: x'),
  withHead('a header without colon', 'Content-Length: 0\r\nX'),
  withHead('a blank name', 'Content-Length: 0\r\n: x'),
  withHead('a name with a blank', 'Content-Length: 0\r\nX Y: x'),
  withHead('NUL in a value', 'Content-Length: 0\r\nX: \0'),
  withHead('a folded header', 'Content-Length: 0\r\nX: x\r\n y'),
  withBody('no size', '\r\n\r\n'),
  withBody('hexadecimal prefix', '0x0\r\n\r\n'),
  withBody('plus before a size', '+0\r\n\r\n'),
  withBody('minus before a size', '-0\r\n\r\n'),
  withBody('blank before a size', ' 0\r\n\r\n'),
  withBody('a size beyond 64 bits', '10000000000000000\r\n'),
  withBody('a size that ends in bare LF', '0\n\r\n'),
  withBody('a size that ends in bare CR', '0\r\r\n'),
  withBody('a chunk that ends in bare LF', '1\r\nx\n0\r\n\r\n'),
  withBody('a chunk that is longer than it says', '1\r\nxx\r\n0\r\n\r\n'),
  withBody('an extension with bare LF', '0;a\nb\r\n\r\n'),
  withBody('an extension with bare CR', '0;a\rb\r\n\r\n'),
  withBody('an extension of 20 KB', `0;${'a'.repeat(20_000)}\r\n\r\n`),
  withBody('trailers of 20 KB', `0\r\na: ${'a'.repeat(20_000)}\r\n\r\n`),
  { name: 'no version', write: (start, hidden) => `${start.replace(' HTTP/1.1', '')}\r\n${hidden}` },
  { name: 'HTTP/0.9', write: (start, hidden) => `${start.replace('1.1', '0.9')}Content-Length: 0\r\n\r\n${hidden}` },
  { name: 'HTTP/1.2', write: (start, hidden) => `${start.replace('1.1', '1.2')}Content-Length: 0\r\n\r\n${hidden}` },
  {
    name: 'HTTP/3',
    write: (start, hidden) => `${start.replace('HTTP/1.1', 'HTTP/3.0')}Content-Length: 0\r\n\r\n${hidden}`,
  },
  { name: 'a blank before the method', write: (start, hidden) => ` ${start}Content-Length: 0\r\n\r\n${hidden}` },
  {
    name: 'no host',
    write: (start, hidden) => `${start.replace(/Host: .*\r\n/, '')}Content-Length: 0\r\n\r\n${hidden}`,
  },
  { name: 'HTTP/2', write: (_start, hidden) => `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${hidden}` },
  { name: 'TLS', write: (_start, hidden) => `\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03${hidden}` },
];
