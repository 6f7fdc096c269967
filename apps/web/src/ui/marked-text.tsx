import { Mark } from '@mantine/core';
import { Fragment } from 'react';
import { piecesOf } from '../lib/text-pieces.ts';

interface MarkedTextProps {
  text: string;
  /** Pieces to mark, as the search tells them. */
  ranges: readonly (readonly [start: number, end: number])[];
}

/** A text with the words that were searched for marked. */
export function MarkedText({ text, ranges }: MarkedTextProps) {
  return piecesOf(text, ranges).map(({ piece, marked }, index) =>
    marked ? (
      <Mark key={index} color="yellow.2" c="inherit">
        {piece}
      </Mark>
    ) : (
      <Fragment key={index}>{piece}</Fragment>
    ),
  );
}
