import type { Compilers } from './core.ts';

export const arrays: Compilers = {};
