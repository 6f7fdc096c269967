import type { Logger } from '@cartwright/platform-logger';
import type { Mails } from '@cartwright/platform-mail';
import type { Mongo } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import type { AccountMails } from './account-mails.ts';
import type { AccountTokens } from './account-tokens.ts';
import type { AuditPort, PersonalDataSource } from './accounts.ports.ts';
import { createAddressBookModel } from './addresses/address-book.model.ts';
import { createAddressBookRepository } from './addresses/address-book-repository.ts';
import { createAddresses } from './addresses/addresses.ts';
import type { AdminGuard } from './admin-guard-repository.ts';
import type { AuthLimits } from './auth-limits.ts';
import type { AuthService } from './auth-service.ts';
import { createEmailChange } from './email-change.ts';
import type { EndSessions } from './ending-sessions.ts';
import { createDataExportModel } from './personal-data/data-export.model.ts';
import { createDataExportRepository } from './personal-data/data-export-repository.ts';
import { createDownloadTickets } from './personal-data/download-tickets.ts';
import { createOwnData } from './personal-data/own-data.ts';
import { createPersonalData } from './personal-data/personal-data.ts';
import { createProfile } from './profile.ts';
import { createRemoval } from './removal.ts';
import type { SecondFactor } from './second-factor.ts';
import type { SessionStore } from './session-store.ts';
import type { CarryStanding } from './standing.ts';
import type { UserRepository } from './user-repository.ts';

/** What users do with their own account: profile, address, addresses, a copy of their data, and leaving. */
export function createIdentity(dependencies: {
  users: UserRepository;
  auth: AuthService;
  sessions: SessionStore;
  carryStanding: CarryStanding;
  secondFactor: SecondFactor;
  admins: AdminGuard;
  accountTokens: AccountTokens;
  mails: Pick<Mails, 'write'>;
  templates: AccountMails;
  limits: AuthLimits;
  endSessions: EndSessions;
  mongo: Pick<Mongo, 'connection' | 'transaction'>;
  outbox: Pick<Outbox, 'append'>;
  audit: AuditPort;
  /** Where the shop delivers, ISO 3166-1 alpha-2. */
  countries: readonly string[];
  /** What other features know of a user; looked at when somebody asks. */
  personalData: () => readonly PersonalDataSource[];
  /** Where clients reach the API, without a slash at the end. */
  publicUrl: string;
  /** Signs download tickets. */
  secret: string;
  clock: () => Date;
  logger: Logger;
}) {
  const { users, sessions, mongo, secret, clock } = dependencies;
  const books = createAddressBookRepository({ books: createAddressBookModel(mongo.connection) });
  const exports = createDataExportRepository({ exports: createDataExportModel(mongo.connection) });
  const addresses = createAddresses({ books, countries: dependencies.countries });
  const own = createOwnData({ users, addresses, sessions });
  return {
    addresses,
    profile: createProfile(dependencies),
    emailChange: createEmailChange(dependencies),
    removal: createRemoval({
      ...dependencies,
      erase: async (userId, tx) => {
        await books.removeAll(userId, tx);
        await exports.remove(userId, tx);
      },
    }),
    personalData: createPersonalData({
      ...dependencies,
      exports,
      tickets: createDownloadTickets({ secret, clock }),
      sources: () => [...own, ...dependencies.personalData()],
    }),
  };
}

export type Identity = ReturnType<typeof createIdentity>;
