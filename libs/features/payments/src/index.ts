export type { OrderPaymentPort, PaymentRecording, RecordPayment } from './payments.ports.ts';
export type { Payment, PaymentAttempt, Quarantined, Refund, RefundStatus } from './payment.ts';
export { createStrategyRegistry } from './payment-strategy.ts';
export type { PaymentStrategy, StrategyRegistry } from './payment-strategy.ts';
