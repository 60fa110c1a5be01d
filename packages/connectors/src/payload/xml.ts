import type { Fields } from './fields.ts';

export type XmlReading = { ok: true; name: string; value: unknown } | { ok: false; detail: string };

/** Deeper than any notification; a body of 1 MB could open a hundred thousand elements. */
const MAX_DEPTH = 32;
const UNREADABLE: XmlReading = { ok: false, detail: 'the payload is not XML' };

const DECLARATION = /^\uFEFF?(?:<\?xml\s[^<>?]*\?>)?\s*/;
/** A comment, a CDATA section, a tag, or text. */
const TOKEN =
  /<!--(?<comment>[\s\S]*?)-->|<!\[CDATA\[(?<data>[\s\S]*?)\]\]>|<(?<end>\/?)(?<name>[A-Za-z_][\w.-]*)(?<attributes>(?:\s+[A-Za-z_][\w.:-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(?<empty>\/?)>|(?<text>[^<]+)/y;
const ATTRIBUTE = /(?<name>[A-Za-z_][\w.:-]*)\s*=\s*(?:"(?<double>[^"]*)"|'(?<single>[^']*)')/g;
const REFERENCE = /&(?:#(?<decimal>\d{1,7})|#x(?<hex>[0-9a-fA-F]{1,6})|(?<name>amp|lt|gt|quot|apos));/g;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

interface OpenElement {
  name: string;
  type: string | null;
  isNil: boolean;
  children: [name: string, value: unknown][];
  text: string;
}

/**
 * Reads XML as Rails writes records: `type="array"` is a list of what is inside, `nil="true"` is null, an element with
 * elements is an object, any other a text, whatever its `type`. Of repeated names the last one counts, as in JSON.
 *
 * Knows elements, attributes, text, CDATA, comments, characters by number and the five predefined entities (XML 1.0,
 * 4.6). There is nothing that could be expanded or fetched: a document type declaration or a processing instruction
 * makes the whole unreadable. A parser from outside would bring those, to be switched off.
 */
export function readXml(source: string): XmlReading {
  const open: OpenElement[] = [{ name: '', type: null, isNil: false, children: [], text: '' }];
  const token = new RegExp(TOKEN);
  token.lastIndex = DECLARATION.exec(source)?.[0].length ?? 0;
  while (token.lastIndex < source.length) {
    const groups = token.exec(source)?.groups;
    if (groups === undefined || !take(groups, open)) {
      return UNREADABLE;
    }
  }
  const [document, unclosed] = open;
  const [root, second] = document?.children ?? [];
  if (root === undefined || second !== undefined || unclosed !== undefined || document?.text.trim() !== '') {
    return UNREADABLE;
  }
  return { ok: true, name: root[0], value: root[1] };
}

type Groups = Readonly<Record<string, string | undefined>>;

/** Takes one token; false when it cannot stand where it stands. */
function take({ comment, data, text, end, name, attributes, empty }: Groups, open: OpenElement[]): boolean {
  if (comment !== undefined) {
    return true;
  }
  if (name === undefined) {
    return addText(data ?? unescaped(text ?? ''), open);
  }
  if (end === '/') {
    return attributes === '' && empty === '' && close(name, open);
  }
  open.push({ name, ...readAttributes(attributes ?? ''), children: [], text: '' });
  return open.length <= MAX_DEPTH && (empty === '' || close(name, open));
}

function addText(text: string | null, open: OpenElement[]): boolean {
  const element = open.at(-1);
  if (element === undefined || text === null) {
    return false;
  }
  element.text += text;
  return true;
}

function close(name: string, open: OpenElement[]): boolean {
  const element = open.pop();
  const parent = open.at(-1);
  if (element === undefined || parent === undefined || element.name !== name) {
    return false;
  }
  parent.children.push([name, readValue(element)]);
  return true;
}

function readValue({ type, isNil, children, text }: OpenElement): unknown {
  if (isNil) {
    return null;
  }
  if (type === 'array') {
    return children.map(([, value]) => value);
  }
  // `__proto__` becomes an own property like any other.
  return children.length > 0 ? (Object.fromEntries(children) satisfies Fields) : text;
}

function readAttributes(source: string): Pick<OpenElement, 'type' | 'isNil'> {
  const found = new Map(
    [...source.matchAll(ATTRIBUTE)].map(({ groups }) => [groups?.name, groups?.double ?? groups?.single]),
  );
  return { type: found.get('type') ?? null, isNil: found.get('nil') === 'true' };
}

/** Null when an `&` stands for nothing that is known. */
function unescaped(text: string): string | null {
  if (!text.includes('&')) {
    return text;
  }
  let isKnown = !text.replaceAll(REFERENCE, '').includes('&');
  const plain = text.replaceAll(REFERENCE, (_, decimal?: string, hex?: string, name?: string) => {
    const code = Number(decimal ?? `0x${hex ?? '0'}`);
    isKnown &&= name !== undefined || isCharacter(code);
    return name === undefined ? (isCharacter(code) ? String.fromCodePoint(code) : '') : (NAMED[name] ?? '');
  });
  return isKnown ? plain : null;
}

/** XML 1.0, 2.2. */
function isCharacter(code: number): boolean {
  return (
    code === 0x9 ||
    code === 0xa ||
    code === 0xd ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    (code >= 0x10000 && code <= 0x10ffff)
  );
}
