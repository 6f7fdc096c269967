import { Binary, Doc, isBinary, isNumber } from '../bson/index.ts';
import { readIndexSpec, idIndexSpec } from '../commands/index-definition.ts';
import { numberOf } from '../engine/index.ts';
import type { CatalogOp } from '../storage/ops.ts';

/** A change of the catalog as a document of the journal. */
export function catalogDoc(op: CatalogOp): Doc {
  const doc = Doc.of(['op', op.kind], ['cid', op.cid]);
  switch (op.kind) {
    case 'create':
      doc.append('db', op.db).append('name', op.name).append('uuid', new Binary(op.uuid, 4));
      return doc.append('options', op.options);
    case 'rename':
      if (op.dropped) doc.append('dropped', new Binary(op.dropped, 4));
      return doc.append('db', op.db).append('name', op.name);
    case 'options':
      return doc.append('options', op.options);
    case 'createIndex':
    case 'changeIndex':
      return doc.append('spec', op.spec.definition);
    case 'dropIndex':
      if (op.definition) doc.append('definition', op.definition);
      return doc.append('name', op.name);
    case 'drop':
      return op.quiet === true ? doc.append('quiet', true) : doc;
    case 'dropDatabase':
      return doc.append('db', op.db);
  }
}

/** The catalog change that a journal document stands for; `ns` is the namespace the collection has at that point. */
export function readCatalogOp(doc: Doc, ns: string | undefined): CatalogOp {
  const cid = numberField(doc, 'cid');
  const kind = doc.get('op');
  if (kind === 'dropDatabase') return { kind, cid: 0, db: textField(doc, 'db') };
  if (kind === 'create') {
    const uuid = bytesField(doc, 'uuid') ?? new Uint8Array(16);
    return {
      kind,
      cid,
      db: textField(doc, 'db'),
      name: textField(doc, 'name'),
      uuid,
      options: docField(doc, 'options'),
    };
  }
  if (ns === undefined) throw new Error(`the journal changes the unknown collection ${cid}`);
  switch (kind) {
    case 'drop':
      return { kind, ns, cid, quiet: doc.get('quiet') === true };
    case 'rename':
      return {
        kind,
        ns,
        cid,
        db: textField(doc, 'db'),
        name: textField(doc, 'name'),
        dropped: bytesField(doc, 'dropped'),
      };
    case 'options':
      return { kind, ns, cid, options: docField(doc, 'options') };
    case 'dropIndex': {
      const definition = doc.get('definition');
      return { kind, ns, cid, name: textField(doc, 'name'), definition: definition instanceof Doc ? definition : null };
    }
    case 'createIndex':
    case 'changeIndex': {
      const definition = docField(doc, 'spec');
      const isId = definition.get('name') === '_id_';
      return {
        kind,
        ns,
        cid,
        spec: isId ? idIndexSpec(definition.get('collation')) : readIndexSpec(definition, undefined),
      };
    }
    default:
      throw new Error(`the journal holds the unknown change ${String(kind)}`);
  }
}

export function textField(doc: Doc, name: string): string {
  const value = doc.get(name);
  if (typeof value !== 'string') throw new Error(`the journal lacks '${name}'`);
  return value;
}

export function numberField(doc: Doc, name: string): number {
  const value = doc.get(name);
  if (!isNumber(value)) throw new Error(`the journal lacks '${name}'`);
  return numberOf(value);
}

export function docField(doc: Doc, name: string): Doc {
  const value = doc.get(name);
  return value instanceof Doc ? value : new Doc();
}

export function bytesField(doc: Doc, name: string): Uint8Array | null {
  const value = doc.get(name);
  return isBinary(value) ? value.buffer.subarray(0, value.position) : null;
}
