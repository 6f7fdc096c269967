export * from './audit.contracts.ts';
export { createAudit } from './audit.ts';
export { auditJobs, sweepAudit } from './audit.jobs.ts';
export type { AuditLog } from './audit-log.ts';
export type { AuditService } from './audit-service.ts';
export { createAdminAuditRouter } from './audit.router.ts';
