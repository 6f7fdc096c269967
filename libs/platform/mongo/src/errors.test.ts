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
