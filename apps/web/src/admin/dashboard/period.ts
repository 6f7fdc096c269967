import type { RouterInputs } from '@cartwright/sdk';

type OverviewInput = RouterInputs['admin']['analytics']['overview'];

/** What the dashboard is about. */
export interface Period {
  days: number;
  /** `[from, to)`, whole calendar days in the shop's time zone. */
  from: Date;
  to: Date;
  compareTo: OverviewInput['compareTo'];
}

export const PERIODS = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '12 months' },
] as const;

export const COMPARISONS = [
  { value: 'none', label: 'No comparison' },
  { value: 'period', label: 'To the period before' },
  { value: 'year', label: 'To a year before' },
] as const;

/** The input that `compare` of the address stands for. */
export const compareTo = (compare: 'period' | 'year' | undefined): Period['compareTo'] =>
  compare && (compare === 'year' ? 'previous_year' : 'previous_period');
