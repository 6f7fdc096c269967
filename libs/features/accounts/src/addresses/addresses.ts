import type { AddressDto } from '@cartwright/api-core';
import { DomainError, notFound } from '@cartwright/domain-errors';
import { newId } from '@cartwright/platform-mongo';
import type { AddressBookRepository } from './address-book-repository.ts';
import { ADDRESS_USES, type AddressUse, type SavedAddressDto } from './addresses.contracts.ts';

const MAX_ADDRESSES = 20;

/** The addresses that a user keeps. */
export function createAddresses(dependencies: {
  books: AddressBookRepository;
  /** Where the shop delivers, ISO 3166-1 alpha-2. */
  countries: readonly string[];
}) {
  const { books, countries } = dependencies;

  const checkCountry = ({ country }: AddressDto): void => {
    if (countries.includes(country)) return;
    throw new DomainError('INVALID_INPUT', { fields: { 'address.country': ['The shop does not deliver there'] } });
  };

  /** In the order they were added. While there is any, one is the default for each use: the first, if none was chosen. */
  async function list(userId: string): Promise<SavedAddressDto[]> {
    const book = await books.ofUser(userId);
    const addresses = book?.addresses ?? [];
    const chosen = { shipping: book?.defaultShipping, billing: book?.defaultBilling };
    const defaultId = (use: AddressUse): string | undefined =>
      (addresses.find(({ id }) => id === chosen[use]) ?? addresses[0])?.id;
    return addresses.map(({ id, address }) => ({
      id,
      address,
      defaultFor: ADDRESS_USES.filter((use) => defaultId(use) === id),
    }));
  }

  async function one(userId: string, addressId: string): Promise<SavedAddressDto> {
    const found = (await list(userId)).find(({ id }) => id === addressId);
    if (!found) throw notFound('address');
    return found;
  }

  return {
    list,

    /** Throws INVALID_INPUT for a country where the shop does not deliver, TOO_MANY_ADDRESSES beyond twenty. */
    async create(
      userId: string,
      { address, defaultFor }: { address: AddressDto; defaultFor: readonly AddressUse[] },
    ): Promise<SavedAddressDto> {
      checkCountry(address);
      const id = newId();
      const added = await books.add(userId, { id, address }, { uses: defaultFor, max: MAX_ADDRESSES });
      if (!added) throw new DomainError('TOO_MANY_ADDRESSES', { maximum: MAX_ADDRESSES });
      return one(userId, id);
    },

    /** Throws NOT_FOUND for anybody else's. */
    async update(
      userId: string,
      { addressId, address }: { addressId: string; address: AddressDto },
    ): Promise<SavedAddressDto> {
      checkCountry(address);
      if (!(await books.replace(userId, addressId, address))) throw notFound('address');
      return one(userId, addressId);
    },

    async remove(userId: string, addressId: string): Promise<void> {
      if (!(await books.remove(userId, addressId))) throw notFound('address');
    },

    /** Proposes this one from now on. */
    async setDefault(userId: string, { addressId, use }: { addressId: string; use: AddressUse }): Promise<void> {
      if (!(await books.setDefault(userId, addressId, use))) throw notFound('address');
    },
  };
}

export type Addresses = ReturnType<typeof createAddresses>;
