import type { AppRouter } from '@cartwright/app-router';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';

export type { AppRouter };

/** The input of every procedure, by path: `RouterInputs['orders']['place']`. */
export type RouterInputs = inferRouterInputs<AppRouter>;

/** The output of every procedure, by path: `RouterOutputs['orders']['byId']`. */
export type RouterOutputs = inferRouterOutputs<AppRouter>;
