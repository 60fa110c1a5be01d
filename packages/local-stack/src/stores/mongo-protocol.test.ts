import { withDatabase, withDefaultDatabase } from './mongo-protocol.ts';

describe('connection strings', () => {
  test.each([
    ['mongodb://127.0.0.1:1/a?directConnection=true', 'mongodb://127.0.0.1:1/b?directConnection=true'],
    ['mongodb://u:p@h1:1,h2:2', 'mongodb://u:p@h1:1,h2:2/b'],
    ['mongodb+srv://h/?w=majority', 'mongodb+srv://h/b?w=majority'],
    ['mongodb://h?w=1', 'mongodb://h/b?w=1'],
  ])('the database of %s can be replaced and the rest stays', (url, expected) => {
    expect(withDatabase(url, 'b')).toBe(expected);
  });

  test.each([
    ['mongodb://h/mine?w=1', 'mongodb://h/mine?w=1'],
    ['mongodb://h/?w=1', 'mongodb://h/owngateway?w=1'],
    ['mongodb://h', 'mongodb://h/owngateway'],
  ])('the default database is only for those that name none: %s', (url, expected) => {
    expect(withDefaultDatabase(url)).toBe(expected);
  });

  test('what is no connection string is refused without being repeated', () => {
    expect(() => withDatabase('postgres://u:secret@h', 'b')).toThrow(/^not a MongoDB connection string$/);
  });
});
