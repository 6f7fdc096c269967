import { requirePermission, router } from '@cartwright/api-core';
import { listAuditInput, listAuditOutput } from './audit.contracts.ts';
import type { AuditService } from './audit-service.ts';

/** `admin.audit.*` */
export function createAdminAuditRouter({ audit }: { audit: AuditService }) {
  return router({
    list: requirePermission('audit.read', { personal: true, fields: ['actorId', 'targetId', 'action'] })
      .input(listAuditInput)
      .output(listAuditOutput)
      .query(({ input }) => audit.list(input)),
  });
}
