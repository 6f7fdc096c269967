import type { Value } from './value.ts';

/** The runtime's one copy of a name: comparing two such names is comparing two pointers. */
export function intern(name: string): string {
  return Object.keys({ [name]: 0 })[0]!;
}

/**
 * An ordered BSON document. Keys and values live in parallel arrays, so that field order survives for numeric names as
 * well and a name such as `__proto__` is nothing special. Values held by a document are never changed in place by the
 * engine: changes go to a clone.
 */
export class Doc {
  readonly keys: string[];
  readonly values: Value[];

  constructor(keys: string[] = [], values: Value[] = []) {
    this.keys = keys;
    this.values = values;
  }

  /** Builds a document from name and value pairs, in their order. */
  static of(...entries: readonly (readonly [string, Value])[]): Doc {
    const doc = new Doc();
    for (const [key, value] of entries) doc.set(key, value);
    return doc;
  }

  get size(): number {
    return this.keys.length;
  }

  /** The value of the first field of that name, or undefined when there is none. */
  get(key: string): Value | undefined {
    const keys = this.keys;
    for (let i = 0; i < keys.length; i++) if (keys[i] === key) return this.values[i];
    return undefined;
  }

  has(key: string): boolean {
    return this.keys.includes(key);
  }

  /** Replaces the field where it stands, or appends it. */
  set(key: string, value: Value): this {
    const index = this.keys.indexOf(key);
    if (index < 0) {
      this.keys.push(key);
      this.values.push(value);
    } else {
      this.values[index] = value;
    }
    return this;
  }

  /** Appends without looking for an existing field; only for callers that know the name is new. */
  append(key: string, value: Value): this {
    this.keys.push(key);
    this.values.push(value);
    return this;
  }

  /** Removes the field; answers whether there was one. */
  delete(key: string): boolean {
    const index = this.keys.indexOf(key);
    if (index < 0) return false;
    this.keys.splice(index, 1);
    this.values.splice(index, 1);
    return true;
  }

  /** A shallow copy: nested values are shared. */
  clone(): Doc {
    return new Doc(this.keys.slice(), this.values.slice());
  }
}
