import { requirePermission, router } from '@cartwright/api-core';
import {
  listDifferencesInput,
  listDifferencesOutput,
  listReportsInput,
  listReportsOutput,
  reconciliationReportSchema,
  reportInput,
} from './reconciliation.contracts.ts';
import type { ReconciliationService } from './reconciliation-service.ts';

/** `admin.reconciliation.*` */
export function createReconciliationRouter({ reconciliation }: { reconciliation: ReconciliationService }) {
  return router({
    reports: requirePermission('payments.resolve')
      .input(listReportsInput)
      .output(listReportsOutput)
      .query(({ input }) => reconciliation.reports(input)),
    report: requirePermission('payments.resolve')
      .input(reportInput)
      .output(reconciliationReportSchema)
      .query(({ input }) => reconciliation.report(input.reportId)),
    differences: requirePermission('payments.resolve')
      .input(listDifferencesInput)
      .output(listDifferencesOutput)
      .query(({ input }) => reconciliation.differences(input)),
    run: requirePermission('payments.resolve')
      .output(reconciliationReportSchema)
      .mutation(({ ctx }) => reconciliation.start(ctx.principal.userId)),
  });
}
