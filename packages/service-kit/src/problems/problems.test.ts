import { isStoreAway, ProblemError, problemDocument, problems, problemTypeOf, unavailable } from '../index.ts';

describe('problem kinds', () => {
  it('have distinct stable types', () => {
    const types = Object.values(problems).map(problemTypeOf);
    expect(new Set(types).size).toBe(types.length);
    expect(types.every((type) => /^\/errors\/[a-z-]+$/.test(type))).toBe(true);
    expect(problemTypeOf(problems.malformed_body)).toBe('/errors/malformed-body');
  });
});

describe('problemDocument', () => {
  const request = { path: '/v1/x', requestId: 'req_1' };

  it('has every member of api.md', () => {
    const errors = [{ field: 'url', code: 'not_https', message: 'must be https' }];
    const problem = new ProblemError(problems.validation, { detail: 'url is wrong', errors });
    expect(problemDocument(problem, request)).toEqual({
      type: '/errors/validation',
      title: 'A field is not valid',
      status: 422,
      detail: 'url is wrong',
      instance: '/v1/x',
      request_id: 'req_1',
      errors,
    });
  });

  it('names the support contact where there is one, and never the cause', () => {
    const problem = unavailable(new Error('mongodb://user:pass@10.0.0.1'));
    const document = problemDocument(problem, { ...request, supportContact: 'help@example.com' });
    expect(document.support).toBe('help@example.com');
    expect(JSON.stringify(document)).not.toContain('10.0.0.1');
    expect(problem.headers).toEqual({ 'Retry-After': '5' });
  });
});

describe('isStoreAway', () => {
  const named = (name: string, rest: object = {}) => Object.assign(new Error('x'), { name, ...rest });

  it.each([
    named('MongoServerSelectionError'),
    named('MongoNetworkError'),
    named('MongoServerError', { code: 10107 }),
    named('MaxRetriesPerRequestError'),
    new Error('Connection is closed.'),
    new Error('Command timed out'),
    named('Error', { code: 'ECONNREFUSED' }),
    Object.assign(new Error('Operation `x.find()` buffering timed out after 10000ms'), { name: 'MongooseError' }),
  ])('sees a store that is away in %p', (error) => {
    expect(isStoreAway(error)).toBe(true);
  });

  it.each([
    new TypeError('x is not a function'),
    named('MongoServerError', { code: 11000 }),
    named('MongooseError'),
    named('Error', { code: 'ENOENT' }),
    'text',
    undefined,
  ])('sees a defect in %p', (error) => {
    expect(isStoreAway(error)).toBe(false);
  });
});
