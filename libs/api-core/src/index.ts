export * from './common.contracts.ts';
