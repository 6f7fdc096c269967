import { DomainError } from '@cartwright/domain-errors';
import type { ObjectStore } from './object-store.ts';

const refuse = (): never => {
  throw new DomainError('SERVICE_UNAVAILABLE', { service: 'files' });
};
const refuseLater = async (): Promise<never> => refuse();

/** In place of a store in a shop that has none: whatever needs one is refused with SERVICE_UNAVAILABLE. */
export function createNoObjectStore(): ObjectStore {
  return {
    presignPut: refuseLater,
    presignGet: refuseLater,
    head: refuseLater,
    read: refuseLater,
    put: refuseLater,
    write: refuseLater,
    remove: refuseLater,
    // Nothing is in it, so that those who tidy up have nothing to do.
    list: async function* () {},
    publicUrl: refuse,
    close: () => undefined,
  };
}
