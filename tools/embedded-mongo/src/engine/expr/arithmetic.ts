import type { Compilers } from './core.ts';

export const arithmetic: Compilers = {};
