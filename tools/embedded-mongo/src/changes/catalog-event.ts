import { Binary, Doc, type Value } from '../bson/index.ts';
import type { CatalogOp } from '../storage/ops.ts';
import type { Change } from './change.ts';
import { namespaceDoc, type Description } from './description.ts';

/** What a change stream tells of a change of the catalog; most only to those who ask for all events. */
export function describeCatalogChange(change: Change, op: CatalogOp, expanded: boolean): Description | null {
  const described = describe(change, op);
  if (described === null || (described.expandedOnly && !expanded)) return null;
  const { operationType, ns, to, operationDescription } = described;
  const details = Doc.of(['ns', ns]);
  if (to !== undefined) details.append('to', to);
  if (expanded && operationDescription !== undefined) details.append('operationDescription', operationDescription);
  if (operationType === 'modify') details.append('stateBeforeChange', stateBefore(change));
  return { operationType, document: null, details };
}

interface Described {
  readonly operationType: string;
  readonly ns: Doc;
  readonly to?: Doc;
  readonly operationDescription?: Doc;
  readonly expandedOnly: boolean;
}

function describe(change: Change, op: CatalogOp): Described | null {
  switch (op.kind) {
    case 'drop':
      if (op.quiet === true) return null;
      return { operationType: 'drop', ns: namespaceDoc(op.ns), expandedOnly: false };
    case 'rename': {
      const to = namespaceDoc(`${op.db}.${op.name}`);
      const operationDescription = Doc.of(['to', to]);
      if (op.dropped) operationDescription.append('dropTarget', new Binary(op.dropped, 4));
      return { operationType: 'rename', ns: namespaceDoc(op.ns), to, operationDescription, expandedOnly: false };
    }
    case 'dropDatabase':
      return { operationType: 'dropDatabase', ns: Doc.of(['db', op.db]), expandedOnly: false };
    case 'create': {
      const operationDescription = op.options.clone();
      operationDescription.append('idIndex', Doc.of(['v', 2], ['key', Doc.of(['_id', 1])], ['name', '_id_']));
      const ns = namespaceDoc(`${op.db}.${op.name}`);
      return { operationType: 'create', ns, operationDescription, expandedOnly: true };
    }
    case 'createIndex':
      // The index on _id comes with its collection.
      if (op.spec.name === '_id_') return null;
      return indexes('createIndexes', op.ns, op.spec.definition);
    case 'dropIndex':
      return indexes('dropIndexes', op.ns, op.definition ?? Doc.of(['name', op.name]));
    case 'options': {
      const operationDescription = changedOptions(change.collection?.options ?? new Doc(), op.options);
      return { operationType: 'modify', ns: namespaceDoc(op.ns), operationDescription, expandedOnly: true };
    }
    case 'changeIndex': {
      const { definition } = op.spec;
      const index = Doc.of(['name', op.spec.name]);
      for (const key of ['expireAfterSeconds', 'hidden']) {
        const value = definition.get(key);
        if (value !== undefined) index.append(key, value);
      }
      const operationDescription = Doc.of(['index', index]);
      return { operationType: 'modify', ns: namespaceDoc(op.ns), operationDescription, expandedOnly: true };
    }
  }
}

function indexes(operationType: string, ns: string, definition: Doc): Described {
  const operationDescription = Doc.of(['indexes', [definition]]);
  return { operationType, ns: namespaceDoc(ns), operationDescription, expandedOnly: true };
}

function changedOptions(before: Doc, after: Doc): Doc {
  const changed = new Doc();
  after.keys.forEach((key, i) => {
    const value = after.values[i] as Value;
    if (before.get(key) !== value) changed.append(key, value);
  });
  return changed;
}

function stateBefore({ collection }: Change): Doc {
  const options = new Doc();
  if (collection !== null) {
    options.append('uuid', new Binary(collection.uuid, 4));
    collection.options.keys.forEach((key, i) => options.append(key, collection.options.values[i] as Value));
  }
  return Doc.of(['collectionOptions', options]);
}
