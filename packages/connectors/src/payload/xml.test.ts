import fc from 'fast-check';
import { writeXml } from '../braintree/fixtures/write-xml.ts';
import { readXml } from './xml.ts';

const read = (source: string) => {
  const reading = readXml(source);
  return reading.ok ? reading.value : undefined;
};

describe('readXml', () => {
  it.each<[string, unknown]>([
    ['<a>1</a>', '1'],
    ['\uFEFF<?xml version="1.0" encoding="UTF-8"?>\n<a>1</a>\n', '1'],
    ['<a/>', ''],
    ["<a b='c' type='integer'  >1</a >", '1'],
    ['<a nil="true"/>', null],
    ['<a nil="true"></a>', null],
    ['<a nil="false">1</a>', '1'],
    ['<a type="array"/>', []],
    ['<a type="array">\n <b>1</b>\n <b>2</b>\n</a>', ['1', '2']],
    ['<a>\n <b>1</b> <c><d>2</d></c>\n</a>', { b: '1', c: { d: '2' } }],
    ['<a><b>1</b><b>2</b></a>', { b: '2' }],
    ['<a>&lt;&#38;amp;&gt;&quot;&apos;&#x20AC;&#128512;</a>', '<&amp;>"\'€😀'],
    ['<a><![CDATA[<&amp;]]>x<!-- <b> --></a>', '<&amp;x'],
    ['<!-- x --><a>1</a><!-- y -->', '1'],
    ['<a>]]></a>', ']]>'],
  ])('reads %s', (source, value) => {
    expect(read(source)).toEqual(value);
  });

  it.each([
    ['a document type', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
    ['an external entity', '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'],
    ['an entity of nobody', '<a>&x;</a>'],
    ['a lone ampersand', '<a>a & b</a>'],
    ['a character that is none', '<a>&#0;</a>'],
    ['half a character', '<a>&#xD800;</a>'],
    ['a number beyond Unicode', '<a>&#x110000;</a>'],
    ['a processing instruction', '<?php x?><a/>'],
    ['one inside', '<a><?x y?></a>'],
    ['an end that does not fit', '<a><b></a></b>'],
    ['an end too many', '<a></a></a>'],
    ['no end', '<a><b></b>'],
    ['two roots', '<a/><b/>'],
    ['text outside', '<a/>x'],
    ['no root', 'text'],
    ['nothing', ''],
    ['an attribute without quotes', '<a b=c/>'],
    ['an open comment', '<a><!-- </a>'],
    ['an open CDATA', '<a><![CDATA[ </a>'],
    ['an end with attributes', '<a></a b="c">'],
    ['a name that is none', '<1a/>'],
  ])('does not read %s', (_, source) => {
    expect(readXml(source)).toEqual({ ok: false, detail: 'the payload is not XML' });
  });

  it('reads 31 levels and no more, however deep the rest is', () => {
    const deep = (levels: number) => '<a>'.repeat(levels) + '</a>'.repeat(levels);
    expect([readXml(deep(31)).ok, readXml(deep(32)).ok, readXml(deep(100_000)).ok]).toEqual([true, false, false]);
  });

  it('leaves every prototype alone', () => {
    const value = read('<a><__proto__><polluted>1</polluted></__proto__><constructor>x</constructor></a>');
    expect(Object.keys(value as object)).toEqual(['__proto__', 'constructor']);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('takes no longer than the text is long', () => {
    const long = 100_000;
    const sources = [
      `<a${' '.repeat(long)}`,
      `<a ${'b="c" '.repeat(long / 6)}`,
      `<a>${'&'.repeat(long)}</a>`,
      `<a>${'<!--'.repeat(long / 4)}`,
      `<${'a'.repeat(long)}`,
      `<a ${'b'.repeat(long)}`,
    ];
    const startedMs = performance.now();
    expect(sources.map((source) => readXml(source).ok)).toEqual(sources.map(() => false));
    // Quadratic would be minutes.
    expect(performance.now() - startedMs).toBeLessThan(20_000);
  });

  it('reads back whatever was written', () => {
    const name = fc.stringMatching(/^[a-z][a-z-]{0,8}$/);
    const leaf = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constant(null));
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(name, tie('tree'), { minKeys: 1, maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(tree as fc.Arbitrary<unknown>, (value) => expect(read(writeXml('root', value))).toEqual(value)),
    );
  });
});
