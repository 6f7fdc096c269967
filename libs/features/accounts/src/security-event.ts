import type { AuditEntry } from '@cartwright/api-core';
import type { ClientFacts } from './accounts.ports.ts';

/** What a user did about the own account, for the audit log. */
export const securityEvent = (action: string, userId: string, { ip, userAgent }: ClientFacts): AuditEntry => ({
  action,
  actor: { kind: 'user', id: userId },
  outcome: 'ok',
  ip,
  userAgent,
});
