import type { RouterInputs } from '@cartwright/sdk';

/** What is said for each reason to report a review. */
export const REPORT_WORDS: Record<RouterInputs['reviews']['report']['reason'], string> = {
  spam: 'It is an advert or spam',
  offensive: 'It insults or offends',
  off_topic: 'It is not about the product',
  other: 'Something else',
};
