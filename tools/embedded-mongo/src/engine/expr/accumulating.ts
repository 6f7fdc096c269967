import type { Compilers } from './core.ts';

export const accumulatorExpressions: Compilers = {};
