export { createNoObjectStore } from './no-object-store.ts';
export { createObjectStore } from './object-store.ts';
export type { ObjectStore, StoredObject } from './object-store.ts';
export { PRIVATE_PREFIX, PUBLIC_PREFIX } from './prefixes.ts';
