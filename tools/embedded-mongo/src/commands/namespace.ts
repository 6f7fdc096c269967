import { typeName, type Doc } from '../bson/index.ts';
import { MongoError } from '../engine/index.ts';

const MAX_NAMESPACE_BYTES = 255;

/**
 * The namespace a command works on, from its first field.
 * @throws MongoError 73 when the name is not a valid collection name.
 */
export function namespaceOf(command: string, db: string, args: Doc): string {
  const name = args.values[0];
  if (typeof name !== 'string') {
    throw new MongoError(73, `collection name has invalid type ${typeName(name)}`);
  }
  checkDatabase(db);
  checkCollection(db, name, command);
  return `${db}.${name}`;
}

export function checkDatabase(db: string): void {
  if (db === '' || db.length > 63 || /[/\\. "$\0]/.test(db)) {
    throw new MongoError(73, `Invalid database name: '${db}'`);
  }
}

export function checkCollection(db: string, name: string, command: string): void {
  const ns = `${db}.${name}`;
  if (
    name === '' ||
    name.startsWith('.') ||
    name.includes('\0') ||
    (name.includes('$') && !isInternal(name, command))
  ) {
    throw new MongoError(73, `Invalid namespace specified '${ns}'`);
  }
  if (Buffer.byteLength(ns) > MAX_NAMESPACE_BYTES) {
    throw new MongoError(73, `Fully qualified namespace is too long. Namespace: ${ns} Max: ${MAX_NAMESPACE_BYTES}`);
  }
}

const isInternal = (name: string, command: string): boolean =>
  ['aggregate', 'killCursors', 'getMore'].includes(command) && name.startsWith('$cmd.');

/** Refuses writes to the names that belong to the server. */
export function checkWritable(name: string): void {
  if (name.startsWith('system.') && name !== 'system.js' && name !== 'system.views') {
    throw new MongoError(73, `cannot write to '${name}'`);
  }
}
