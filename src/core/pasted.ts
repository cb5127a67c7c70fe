import { modelCard } from './modelCard.ts';

/** How a picture that exists nowhere else goes from the panel to the host: in pieces of this many bytes, the last may be shorter. */
export const pastedPicture = {
  maxBytes: modelCard.inputs.maxBytes,
  /** Divisible by three, so that pieces written as base64 need no filling. */
  pieceBytes: 384 * 1024,
  maxPieces: Math.ceil(modelCard.inputs.maxBytes / (384 * 1024)),
  longestName: 200,
} as const;
