export type { StoredMessage } from './message-store.ts';
export { startMailbox } from './start.ts';
export type { MailboxOptions, RunningMailbox } from './start.ts';
