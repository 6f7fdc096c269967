import type { Compilers } from './core.ts';

export const dates: Compilers = {};
