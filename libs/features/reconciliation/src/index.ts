export * from './reconciliation.contracts.ts';
export { createReconciliation } from './create-reconciliation.ts';
export { reconciliationJobs, reconcileNightlyJob, sweepReconciliationJob } from './reconciliation.jobs.ts';
export { createReconciliationRouter } from './reconciliation.router.ts';
export type { ReconciliationService } from './reconciliation-service.ts';
