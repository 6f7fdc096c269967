import type { Logger } from '@cartwright/platform-logger';
import type { Mongo } from '@cartwright/platform-mongo';
import { createAuditModels } from './audit-entry.model.ts';
import { createAuditProcessors } from './audit.jobs.ts';
import { createAuditLog } from './audit-log.ts';
import type { PeoplePort } from './audit.ports.ts';
import { createAuditRepository } from './audit-repository.ts';
import { createAuditService } from './audit-service.ts';

/** Puts the feature together: `log` is what others write to, `audit` what administrators read. */
export function createAudit(options: {
  mongo: Pick<Mongo, 'connection'>;
  people: PeoplePort;
  /** How long entries are kept. */
  retentionDays: number;
  logger: Pick<Logger, 'error' | 'warn'>;
  clock: () => Date;
}) {
  const { mongo, people, retentionDays, logger, clock } = options;
  const repository = createAuditRepository(createAuditModels(mongo.connection));
  const log = createAuditLog({ repository, retentionDays, logger, clock });
  return {
    log,
    audit: createAuditService({ repository, people }),
    processors: createAuditProcessors({ log, logger }),
  };
}
