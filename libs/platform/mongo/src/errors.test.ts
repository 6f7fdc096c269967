import { mongo } from 'mongoose';
import { expect, it } from 'vitest';
import { isCommitUnknown, isMongoUnavailable } from './errors.ts';

it('a lost answer to a commit is told from a server that is away', () => {
  const away = new mongo.MongoNetworkError('away');
  expect([isMongoUnavailable(away), isCommitUnknown(away)]).toEqual([true, false]);
  const lost = new mongo.MongoNetworkError('lost');
  lost.addErrorLabel('UnknownTransactionCommitResult');
  expect([isMongoUnavailable(lost), isCommitUnknown(lost)]).toEqual([true, true]);
  for (const other of [undefined, 'x', new Error('x')]) expect(isCommitUnknown(other)).toBe(false);
});

it('a server that is away is told from what a bulk write makes of it', () => {
  const bulk = (cause: object) => new mongo.MongoBulkWriteError(cause as never, {} as never);
  expect(isMongoUnavailable(bulk(new mongo.MongoNetworkError('away')))).toBe(true);
  expect(isMongoUnavailable(bulk(new mongo.MongoNotConnectedError('not yet')))).toBe(true);
  expect(isMongoUnavailable(bulk({ message: 'E11000', code: 11_000 }))).toBe(false);
});
