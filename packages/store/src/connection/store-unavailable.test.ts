import mongoose from 'mongoose';
import { isStoreUnavailable } from './store-unavailable.ts';

const { mongo } = mongoose;

describe('a store that is away', () => {
  it.each([
    ['a lost connection', new mongo.MongoNetworkError('closed')],
    ['no server', new mongoose.Error.MongooseServerSelectionError('none')],
    ['a server that is not primary any more', new mongo.MongoServerError({ message: 'not primary', code: 10107 })],
    ['a majority that did not answer in time', new mongo.MongoServerError({ message: 'waiting', code: 64 })],
    ['a full disk', new mongo.MongoServerError({ message: 'no room', code: 14031 })],
    ['a storage engine that gave up', new mongo.MongoServerError({ message: 'WT_PANIC: library panic', code: 1 })],
    ['a list that took too long', new mongo.MongoServerError({ message: 'exceeded time limit', code: 50 })],
    ['a wrapped one', new Error('could not save', { cause: new mongo.MongoNetworkError('closed') })],
  ])('is seen in %s', (_name, error) => {
    expect(isStoreUnavailable(error)).toBe(true);
  });

  it.each([
    ['a duplicate key', new mongo.MongoServerError({ message: 'E11000', code: 11000 })],
    ['a defect of ours', new TypeError('x is undefined')],
    ['a filter that names an unknown field', new mongoose.Error.StrictModeError('nope')],
    ['no error', undefined],
  ])('is not seen in %s', (_name, error) => {
    expect(isStoreUnavailable(error)).toBe(false);
  });
});
