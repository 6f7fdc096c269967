import { expect, it } from 'vitest';
import { Doc } from '../bson/index.ts';
import { createCore } from '../storage/core.ts';
import { createDocumentCache, type DocumentCache } from '../storage/record.ts';
import type { CollectionState } from '../storage/state.ts';
import { createLiveWriter } from '../storage/writer.ts';
import { prepareQuery } from './find-records.ts';

it('leaves no decoded document that the cache does not know of when a scan is stopped', () => {
  const inner = createDocumentCache();
  const kept: number[] = [];
  const cache: DocumentCache = {
    keep(record) {
      kept.push(record.rid);
      inner.keep(record);
    },
  };
  const core = createCore({ cache });
  const writer = createLiveWriter(core);
  const cid = core.allocateCid();
  const uuid = new Uint8Array(16);
  writer.change({ kind: 'create', cid, db: 'db', name: 'rows', uuid, options: new Doc() }, ['db.rows']);
  const state = core.live.catalog.get('db.rows') as CollectionState;
  for (let id = 0; id < 10; id++) writer.insert(state, Doc.of(['_id', id], ['even', id % 2 === 0]));

  const query = prepareQuery(state, {
    filter: Doc.of(['even', true]),
    sort: null,
    hint: null,
    collation: undefined,
    limit: Infinity,
    let: undefined,
    now: new Date(0),
    deadline: Infinity,
  });
  const found: number[] = [];
  for (const record of query.records()) {
    found.push(record.rid);
    if (found.length === 3) break;
  }
  const decoded = [...state.records.values()].filter(({ doc }) => doc !== null).map(({ rid }) => rid);
  expect(decoded).toEqual(found);
  expect(kept).toEqual(found);
});
