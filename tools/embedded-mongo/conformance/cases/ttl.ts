import { C, commands, day, group } from '../case.ts';

const past = day('2020-01-01');
const future = day('2990-01-01');
const expiring = (key: object, seconds: number, options: object = {}) => ({
  createIndexes: C,
  indexes: [{ key, name: 'ttl', expireAfterSeconds: seconds, ...options }],
});

/** Every case has one document that goes: when it is gone, a round has passed that left the others alone. */
export const ttl = group('ttl', [
  commands('dates of the past go, others stay', [{ at: past }, { at: future }], [expiring({ at: 1 }, 0)], {
    then: 'documents',
    settlesAt: 1,
    needs: 'ttl',
  }),
  commands(
    'what is no date stays',
    [{ at: past }, {}, { at: null }, { at: '2020-01-01' }, { at: 5 }, { at: [] }, { at: { d: past } }, { at: false }],
    [expiring({ at: 1 }, 0)],
    { then: 'documents', settlesAt: 7, needs: 'ttl' },
  ),
  commands(
    'the earliest date of an array counts',
    [{ at: [future, past] }, { at: [future] }, { at: ['x', past] }],
    [expiring({ at: 1 }, 0)],
    {
      then: 'documents',
      settlesAt: 1,
      needs: 'ttl',
    },
  ),
  commands(
    'seconds after the date',
    [{ at: past }, { at: new Date(Date.now() - 1000) }],
    [expiring({ at: 1 }, 100_000)],
    {
      then: 'documents',
      settlesAt: 1,
      needs: 'ttl',
    },
  ),
  commands('downwards', [{ at: past }, { at: future }, { at: 'x' }, {}], [expiring({ at: -1 }, 0)], {
    then: 'documents',
    settlesAt: 3,
    needs: 'ttl',
  }),
  commands(
    'partial: only what it holds',
    [
      { at: past, done: true },
      { at: past, done: false },
    ],
    [expiring({ at: 1 }, 0, { partialFilterExpression: { done: true } })],
    { then: 'documents', settlesAt: 1, needs: 'ttl' },
  ),
  commands(
    'in documents within',
    [{ o: { at: past } }, { o: { at: future } }, { o: past }],
    [expiring({ 'o.at': 1 }, 0)],
    {
      then: 'documents',
      settlesAt: 2,
      needs: 'ttl',
    },
  ),
  commands(
    'a document that is given an old date',
    [
      { _id: 1, at: future },
      { _id: 2, at: future },
    ],
    [expiring({ at: 1 }, 0), { update: C, updates: [{ q: { _id: 1 }, u: { $set: { at: past } } }] }],
    { then: 'documents', settlesAt: 1, needs: 'ttl' },
  ),
]);
