export { createPaymentsFeature, paymentJobs } from './payments-feature.ts';
export type { PaymentsFeature } from './payments-feature.ts';
export type { OrderPaymentPort, PaymentRecording, RecordPayment } from './payments.ports.ts';
export { paymentEventReceived, refundRequested } from './payments.events.ts';
export { closeCheckoutJob, executeRefundJob, reconcilePaymentsJob } from './payments.jobs.ts';
export { createStrategyRegistry } from './payment-strategy.ts';
export type { PaymentStrategy, StrategyRegistry } from './payment-strategy.ts';
export type { Payment, PaymentAttempt, PaymentProvider, Quarantined, Refund, RefundStatus } from './payment.ts';
