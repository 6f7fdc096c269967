import type { CaseGroup, ConformanceCase } from '../case.ts';
import { cursors } from './cursors.ts';
import { indexChanges, indexDefinitions, indexRemoval, indexSpecs } from './indexes.ts';
import { shopCatalog } from './shop-catalog.ts';
import { shopOrders } from './shop-orders.ts';
import { ttl } from './ttl.ts';
import { uniqueIndexes } from './unique.ts';
import { arrays, batches, findAndModifies, retries } from './writes.ts';

const GROUPS: readonly CaseGroup[] = [
  shopCatalog,
  shopOrders,
  indexDefinitions,
  indexSpecs,
  indexRemoval,
  indexChanges,
  uniqueIndexes,
  ttl,
  cursors,
  batches,
  retries,
  findAndModifies,
  arrays,
];

export const allCases = (): readonly ConformanceCase[] => GROUPS.flatMap(({ cases }) => cases);
