export { createPaymentsFeature, paymentJobs } from './payments-feature.ts';
export type { PaymentsFeature } from './payments-feature.ts';
export type { OrderPaymentPort, PaymentRecording, RecordPayment } from './payments.ports.ts';
export * from './quarantine.contracts.ts';
export type { QuarantineDesk } from './quarantine-desk.ts';
export { createQuarantineRouter } from './quarantine.router.ts';
export { paymentEventReceived, refundRequested } from './payments.events.ts';
export { closeCheckoutJob, executeRefundJob, reconcilePaymentsJob, resumeRefundsJob } from './payments.jobs.ts';
export { createStrategyRegistry } from './payment-strategy.ts';
export type { BookEntry, PaymentStrategy, ProviderBooks, StrategyRegistry } from './payment-strategy.ts';
export type { PaymentInspection } from './payment-inspection-repository.ts';
export type {
  AttemptStatus,
  Payment,
  PaymentAttempt,
  PaymentProvider,
  Quarantined,
  Refund,
  RefundStatus,
} from './payment.ts';
export { createAdminWebhooksRouter } from './webhook-admin.router.ts';
export type { WebhookAdmin } from './webhook-admin.ts';
