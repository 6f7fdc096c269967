import { Doc, type Value } from '../bson/index.ts';
import type { IndexScan, Plan } from './plan.ts';
import type { PreparedQuery } from './find-records.ts';

/** How a plan looks in an explain: the stages from the outermost to the one that reads. */
export function explainPlan(query: PreparedQuery, filter: Doc, sort: Doc | null): Doc {
  const { plan } = query;
  const scan = scanStage(plan, filter);
  if (query.ordered || sort === null) return scan;
  return Doc.of(['stage', 'SORT'], ['sortPattern', sort], ['inputStage', scan]);
}

function scanStage(plan: Plan, filter: Doc): Doc {
  switch (plan.kind) {
    case 'collection': {
      const stage = Doc.of(['stage', 'COLLSCAN']);
      if (filter.size > 0) stage.append('filter', filter);
      return stage.append('direction', plan.backward ? 'backward' : 'forward');
    }
    case 'index':
      return fetchStage(plan.exact ? null : filter, indexStage(plan));
    case 'union':
      return fetchStage(filter, Doc.of(['stage', 'OR'], ['inputStages', plan.branches.map(indexStage)]));
  }
}

function fetchStage(filter: Doc | null, input: Doc): Doc {
  const stage = Doc.of(['stage', 'FETCH']);
  if (filter !== null && filter.size > 0) stage.append('filter', filter);
  return stage.append('inputStage', input);
}

export function indexStage(scan: IndexScan): Doc {
  const { spec, multikey } = scan.index;
  return Doc.of(
    ['stage', 'IXSCAN'],
    ['keyPattern', spec.definition.get('key') as Value],
    ['indexName', spec.name],
    ['isMultiKey', multikey.includes(true)],
    ['isUnique', spec.unique],
    ['isSparse', spec.sparse],
    ['isPartial', spec.partialFilter !== null],
    ['indexVersion', 2],
    ['direction', scan.backward ? 'backward' : 'forward'],
    ['ranges', scan.ranges.length],
  );
}
