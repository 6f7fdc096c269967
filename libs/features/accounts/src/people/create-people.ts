import type { Logger } from '@cartwright/platform-logger';
import type { Mails } from '@cartwright/platform-mail';
import type { Mongo } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import type { Queues } from '@cartwright/platform-queue';
import type { AdminGuard } from '../admin-guard-repository.ts';
import type { SessionStore } from '../session-store.ts';
import type { CarryStanding } from '../standing.ts';
import type { UserModel } from '../user.model.ts';
import type { UserRepository } from '../user-repository.ts';
import type { AccountMails } from '../account-mails.ts';
import type { AccountTokens } from '../account-tokens.ts';
import type { SecondFactor } from '../second-factor.ts';
import type { Authority } from './authority.ts';
import { createBans } from './bans.ts';
import { createDirectoryRepository } from './directory-repository.ts';
import { createDirectory } from './directory.ts';
import type { Invites } from './invites.ts';
import { createPeopleHandlers } from './people-handlers.ts';
import { createPeopleProcessors } from './people.jobs.ts';
import type { OrderCountsPort } from './people.ports.ts';
import { createPeople } from './people.ts';
import { createRoles } from './roles.ts';
import { createTwoFactorReset } from './two-factor-reset.ts';

/** Puts together what administrators do with people, with the jobs and handlers that belong to it. */
export function createPeopleFeature(dependencies: {
  model: UserModel;
  users: UserRepository;
  sessions: SessionStore;
  admins: AdminGuard;
  accountTokens: Pick<AccountTokens, 'revoke'>;
  carryStanding: CarryStanding;
  authority: Authority;
  invites: Pick<Invites, 'invite' | 'cancelInvite'>;
  secondFactor: Pick<SecondFactor, 'clear'>;
  mails: Pick<Mails, 'write'>;
  templates: Pick<AccountMails, 'twoFactorReset'>;
  orders: OrderCountsPort;
  mongo: Pick<Mongo, 'transaction'>;
  outbox: Pick<Outbox, 'append'>;
  clock: () => Date;
  logger: Logger;
}) {
  const { model, carryStanding, clock, logger } = dependencies;
  const { subjectOf } = dependencies.authority;
  const resetTwoFactor = createTwoFactorReset({ ...dependencies, subjectOf });
  const bans = createBans({ ...dependencies, subjectOf });
  const roles = createRoles({ ...dependencies, subjectOf });
  const directory = createDirectory({ ...dependencies, people: createDirectoryRepository({ users: model }) });
  return {
    people: createPeople({ ...dependencies, directory, bans, roles, resetTwoFactor }),
    processors: createPeopleProcessors({ bans, logger }),
    handlers: (queues: Pick<Queues, 'enqueue'>) => createPeopleHandlers({ queues, carryStanding, clock }),
  };
}
