/** How a background of one colour is cut out of a picture. */
export interface CutOptions {
  /** #RRGGBB: what is of this colour becomes transparent. */
  readonly key: string;
  /** How far a colour may be from the key and still be of it, 0 to 1: a part of the way from black to white. */
  readonly tolerance: number;
  /** Whole pixels, 0 to {@link mostEdge}, in which the edge may be mixed with the background; 0 for a hard edge. */
  readonly edge: number;
  /** Whether places that the subject encloses are cut out as well. */
  readonly holes: boolean;
}

export const mostEdge = 4;
/** Beyond that, half of all colours would be the key's. */
export const mostTolerance = 0.5;
export const usualCut = { tolerance: 0.12, edge: 2, holes: false } as const;

/** What became of a picture, measured by its alpha. All are parts of its pixels, 0 to 1. */
export interface CutReport {
  readonly transparent: number;
  /** Neither transparent nor opaque: the edge. */
  readonly partial: number;
  /** Of the pixels of the border alone, those that are transparent. */
  readonly border: number;
  /** Of the key's colour and left, since the subject encloses them. */
  readonly enclosed: number;
  /** Of what is left: what would go as well if half as much again were tolerated. Where that is much, the key is in the subject. */
  readonly unsure: number;
}

/** What is to be said of a cut, the gravest first. */
export type CutFinding =
  /** The picture is as it was. */
  | 'nothing-cut'
  /** Nothing of the subject is left. */
  | 'all-cut'
  /** The subject reaches the border, or the background is not of one colour there. */
  | 'border-left'
  /** The subject has places that look like the key; some of it may be gone. */
  | 'subject-like-key'
  /** Enclosed places of the key's colour are still there. */
  | 'enclosed-left';

/** What the numbers of a cut mean; empty where there is nothing to say against it. */
export function findingsOf({ transparent, border, enclosed, unsure }: CutReport): CutFinding[] {
  if (transparent < 0.005) return ['nothing-cut'];
  if (transparent > 0.995) return ['all-cut'];
  return [
    ...(border < 0.98 ? (['border-left'] as const) : []),
    ...(unsure > 0.03 ? (['subject-like-key'] as const) : []),
    ...(enclosed > 0.002 ? (['enclosed-left'] as const) : []),
  ];
}

export const mostSuggested = 5;

/** What a picture's background is, before anything is cut. */
export interface Background {
  /** #RRGGBB: the commonest colour of its border. */
  readonly key: string;
  /** #RRGGBB: that one and others that are common there, at most {@link mostSuggested}. */
  readonly colours: readonly string[];
  /** The part of its border, 0 to 1, that has nearly this colour. */
  readonly evenness: number;
  /** The part of its border, 0 to 1, that is transparent already. */
  readonly transparent: number;
  /** Squares of two greys are painted around what it is of: they look like transparency and are none. Side of one in pixels. */
  readonly checkerboard?: number;
  readonly width: number;
  readonly height: number;
}

/** What to add to a prompt so that the next picture can be cut out: the model makes no transparency. In English, which it takes best. */
export const keyColourWords =
  'isolated on a plain solid pure green (#00FF00) background, evenly lit, no shadow on the background, no checkerboard pattern, no green in the subject';
