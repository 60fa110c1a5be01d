import { prototypeFaults } from './prototype-faults.ts';

const fieldsOf = (json: string) => prototypeFaults(JSON.parse(json)).map(({ field }) => field);

test.each([
  ['{"__proto__":1}', ['__proto__']],
  ['{"headers":{"__proto__":{"x":"y"}},"more":[{"__proto__":null}]}', ['headers.__proto__', 'more[0].__proto__']],
  ['{"headers":{"\\u005f_proto__":"x"}}', ['headers.__proto__']],
  ['{"proto":{"constructor":"x","prototype":"y"}}', []],
  ['"__proto__"', []],
  ['null', []],
])('%s', (json, fields) => {
  expect(fieldsOf(json)).toEqual(fields);
});
