import { aggregate, C, commands, day, find, findAndModify, group, update } from '../case.ts';

const ORDERS = [
  {
    _id: 'o1',
    number: 'CW-1',
    userId: 'u1',
    status: 'placed',
    paymentStatus: 'unpaid',
    hold: 'held',
    holdExpiresAt: day('2026-01-01'),
    expiresAt: day('2026-01-04'),
    total: 2500,
    version: 1,
  },
  {
    _id: 'o2',
    number: 'CW-2',
    userId: 'u1',
    status: 'paid',
    paymentStatus: 'paid',
    hold: 'none',
    total: 900,
    version: 4,
  },
  {
    _id: 'o3',
    number: 'CW-3',
    userId: 'u2',
    status: 'placed',
    paymentStatus: 'unpaid',
    hold: 'held',
    holdExpiresAt: day('2026-01-03'),
    expiresAt: day('2026-01-02'),
    total: 100,
    version: 1,
  },
];

const LEVELS = [
  { _id: 'v1', onHand: 5, reserved: 2, version: 7 },
  { _id: 'v2', onHand: 1, reserved: 1, version: 1 },
];

const SALES = [
  {
    _id: 's1',
    currency: 'USD',
    capturedAt: new Date('2026-01-01T23:30:00Z'),
    gross: 120,
    discount: 20,
    total: 100,
    units: 3,
    lines: [
      { productId: 'p1', title: 'Lamp', units: 2, sales: 80 },
      { productId: 'p2', title: 'Chair', units: 1, sales: 20 },
    ],
  },
  {
    _id: 's2',
    currency: 'USD',
    capturedAt: new Date('2026-01-02T10:00:00Z'),
    gross: 50,
    discount: 0,
    total: 50,
    units: 2,
    lines: [{ productId: 'p2', title: 'Chair, renamed', units: 2, sales: 50 }],
  },
  { _id: 's3', currency: 'EUR', capturedAt: day('2026-01-02'), gross: 1, discount: 0, total: 1, units: 1, lines: [] },
];

const ROWS = [
  { _id: 'e1', status: 'pending', dueAt: day('2026-01-01'), relays: 0 },
  { _id: 'e2', status: 'pending', dueAt: day('2026-01-05'), relays: 0 },
  { _id: 'e3', status: 'done', doneAt: day('2026-01-01'), relays: 1, handled: ['a'] },
  { _id: 'e4', status: 'relayed', dueAt: day('2026-01-02'), claim: 'x', relays: 1, handled: ['a'] },
];

const inPeriod = { currency: 'USD', capturedAt: { $gte: day('2026-01-01'), $lt: day('2026-02-01') } };

export const shopOrders = group('shop orders', [
  find('orders of a user, newest first', ORDERS, { userId: 'u1', _id: { $lt: 'o9' } }, { sort: { _id: -1 }, limit: 2 }),
  find('by the beginning of a number', ORDERS, { number: /^CW-/ }, { sort: { number: -1 }, limit: 2 }),
  find(
    'overdue, oldest first',
    ORDERS,
    { expiresAt: { $lte: day('2026-01-10') }, status: { $in: ['placed'] }, paymentStatus: 'unpaid' },
    { sort: { expiresAt: 1 }, limit: 5, projection: { _id: 1 } },
  ),
  find('holds that ran out', ORDERS, {
    holdExpiresAt: { $lte: day('2026-01-02') },
    hold: 'held',
    expiresAt: { $gt: day('2026-01-03') },
  }),
  update(
    'moves a version that is still the same',
    ORDERS,
    { _id: 'o1', version: 1 },
    { $set: { status: 'paid' }, $inc: { version: 1 } },
  ),
  update(
    'leaves a version alone that moved on',
    ORDERS,
    { _id: 'o2', version: 1 },
    { $set: { status: 'paid' }, $inc: { version: 1 } },
  ),
  update('replaces one version', ORDERS, { _id: 'o1', version: 1 }, { number: 'CW-1', version: 2, events: [] }),
  update(
    'reserves what is there',
    LEVELS,
    { _id: 'v1', $expr: { $gte: [{ $subtract: ['$onHand', '$reserved'] }, 3] } },
    { $inc: { onHand: 0, reserved: 3, version: 1 } },
  ),
  update(
    'reserves no more than is there',
    LEVELS,
    { _id: 'v1', $expr: { $gte: [{ $subtract: ['$onHand', '$reserved'] }, 4] } },
    { $inc: { reserved: 4, version: 1 } },
  ),
  update(
    'gives back what is reserved',
    LEVELS,
    { _id: 'v2', reserved: { $gte: 1 } },
    { $inc: { onHand: -1, reserved: -1, version: 1 } },
  ),
  commands(
    'reserves several lines in one batch',
    LEVELS,
    [
      {
        update: C,
        ordered: true,
        updates: [
          {
            q: { _id: 'v1', $expr: { $gte: [{ $subtract: ['$onHand', '$reserved'] }, 2] } },
            u: { $inc: { reserved: 2 } },
          },
          {
            q: { _id: 'v2', $expr: { $gte: [{ $subtract: ['$onHand', '$reserved'] }, 1] } },
            u: { $inc: { reserved: 1 } },
          },
          { q: { _id: 'v3' }, u: { $inc: { reserved: 1 } } },
        ],
      },
    ],
    { then: 'documents' },
  ),
  update(
    'counts the uses of a coupon to its limit',
    [{ _id: 'k', redeemed: 2 }],
    { _id: 'k', redeemed: { $lt: 2 } },
    { $inc: { redeemed: 1 } },
  ),
  update(
    'never counts below zero',
    [{ _id: 'k', redeemed: 0 }],
    { _id: 'k', redeemed: { $gt: 0 } },
    { $inc: { redeemed: -1 } },
  ),
  commands(
    'stops a counter by its key',
    [{ _id: 'k/u', count: 3 }],
    [
      { update: C, updates: [{ q: { _id: 'k/u', count: { $lt: 3 } }, u: { $inc: { count: 1 } }, upsert: true }] },
      { update: C, updates: [{ q: { _id: 'k/w', count: { $lt: 3 } }, u: { $inc: { count: 1 } }, upsert: true }] },
    ],
    { then: 'documents' },
  ),
  update('records a sale once', SALES, { _id: 's1' }, { $setOnInsert: { _id: 's1', total: 1 } }, { upsert: true }),
  update(
    'records a new sale',
    SALES,
    { _id: 's9' },
    { $setOnInsert: { _id: 's9', total: 1, lines: [] } },
    { upsert: true },
  ),
  aggregate('sums of a period', SALES, [
    { $match: inPeriod },
    {
      $group: {
        _id: null,
        orders: { $sum: 1 },
        gross: { $sum: '$gross' },
        discount: { $sum: '$discount' },
        total: { $sum: '$total' },
        units: { $sum: '$units' },
      },
    },
  ]),
  aggregate('days of a time zone', SALES, [
    { $match: inPeriod },
    {
      $group: {
        _id: { $dateToString: { date: '$capturedAt', format: '%Y-%m-%d', timezone: 'Europe/Berlin' } },
        orders: { $sum: 1 },
        revenue: { $sum: '$total' },
      },
    },
    { $sort: { _id: 1 } },
  ]),
  aggregate('best sellers', SALES, [
    { $match: inPeriod },
    { $sort: { capturedAt: 1 } },
    { $unwind: '$lines' },
    {
      $group: {
        _id: '$lines.productId',
        title: { $last: '$lines.title' },
        slug: { $last: '$lines.slug' },
        units: { $sum: '$lines.units' },
        sales: { $sum: '$lines.sales' },
      },
    },
    { $sort: { units: -1, sales: -1, _id: 1 } },
    { $limit: 1 },
    { $project: { _id: 0, productId: '$_id', title: 1, slug: 1, units: 1, sales: 1 } },
  ]),
  commands(
    'claims due rows of the outbox',
    ROWS,
    [
      { find: C, filter: { dueAt: { $lte: day('2026-01-03') } }, projection: { _id: 1 }, limit: 10 },
      {
        update: C,
        updates: [
          {
            q: { _id: { $in: ['e1', 'e4'] }, dueAt: { $lte: day('2026-01-03') } },
            u: { $set: { claim: 'y', dueAt: day('2026-01-04') } },
            multi: true,
          },
        ],
      },
      { find: C, filter: { _id: { $in: ['e1', 'e4'] }, claim: 'y' }, sort: { _id: 1 } },
      {
        update: C,
        updates: [
          {
            q: { _id: { $in: ['e1', 'e3'] }, claim: 'y', status: { $ne: 'done' } },
            u: { $set: { status: 'relayed' }, $inc: { relays: 1 } },
            multi: true,
          },
        ],
      },
      { count: C, query: { dueAt: { $exists: true } } },
    ],
    { then: 'documents' },
  ),
  findAndModify('notes a handler', ROWS, { query: { _id: 'e4' }, update: { $addToSet: { handled: 'b' } }, new: true }),
  findAndModify('notes a handler again', ROWS, {
    query: { _id: 'e4' },
    update: { $addToSet: { handled: 'a' } },
    new: true,
  }),
  update(
    'is done with a row',
    ROWS,
    { _id: 'e4' },
    { $set: { status: 'done', doneAt: day('2026-01-09') }, $unset: { dueAt: '', claim: '' } },
  ),
  commands(
    'one cart for a user and one for a token',
    [
      { _id: 'k1', userId: 'u1' },
      { _id: 'k2', tokenHash: 'h' },
    ],
    [
      {
        createIndexes: C,
        indexes: [
          { key: { userId: 1 }, name: 'user', unique: true, sparse: true },
          { key: { tokenHash: 1 }, name: 'token', unique: true, sparse: true },
        ],
      },
      {
        insert: C,
        documents: [
          { _id: 'k3', tokenHash: 'i' },
          { _id: 'k4', userId: 'u2' },
        ],
      },
      { insert: C, documents: [{ _id: 'k5', userId: 'u1' }] },
      {
        insert: C,
        documents: [
          { _id: 'k6', userId: null },
          { _id: 'k7', userId: null },
        ],
      },
    ],
    { then: 'documents' },
  ),
  find('mails by a pattern with quoted signs', [{ mail: 'a.b+c@x.test' }, { mail: 'aXb+c@x.test' }], {
    mail: /^a\.b\+c@/,
  }),
]);
