/** A picture of a set file that is wanted now. */
export interface WantedPicture {
  readonly name: string;
  /** Digest of what it is made from. */
  readonly words: string;
  /** The file it becomes, a URI. */
  readonly target: string;
}

/** A job that was run for a set file, as far as its pictures are concerned. */
export interface SetOrder {
  readonly jobId: string;
  readonly isRunning: boolean;
  /** What was asked for, in its order, and the file that each was meant for. */
  readonly pictures: readonly WantedPicture[];
  /** What came, each with its place in the answer from 0. */
  readonly results: readonly { readonly id: string; readonly place: number; readonly savedAs?: string | undefined }[];
}

/** What has to happen so that wanted pictures become files, without buying one that was bought already. */
export interface SetPlan<Wanted extends WantedPicture> {
  /** Being made at the moment. */
  readonly waiting: readonly Wanted[];
  /** Made, and not saved or not there any more. */
  readonly found: readonly { readonly wanted: Wanted; readonly resultId: string }[];
  /** Fewer came than were asked for, and nobody has said yet which is which. */
  readonly unnamed: readonly { readonly jobId: string; readonly wanted: readonly Wanted[] }[];
  readonly toBuy: readonly Wanted[];
}

/**
 * Plans wanted pictures against the jobs of their set file, newest first.
 * @param present names of all the entries that the set file has now
 * @param isAnew the user wants another picture than the one that was saved: then only what was never saved counts
 */
export function planOrders<Wanted extends WantedPicture>(
  wanted: readonly Wanted[],
  orders: readonly SetOrder[],
  present: ReadonlySet<string>,
  isAnew: boolean,
): SetPlan<Wanted> {
  const waiting: Wanted[] = [];
  const found: { wanted: Wanted; resultId: string }[] = [];
  const unnamed = new Map<string, Wanted[]>();
  const toBuy: Wanted[] = [];
  for (const one of wanted) {
    const mine = orders.filter((order) => placeOf(order, one) !== -1);
    const resultId = mine.map((order) => resultFor(order, one, isAnew)).find((id) => id !== undefined);
    const open = mine.find((order) => !order.isRunning && !cameWhole(order) && leftOver(order).length > 0);
    if (mine.some(({ isRunning }) => isRunning) || orders.some((order) => mayBring(order, one, present)))
      waiting.push(one);
    else if (resultId !== undefined) found.push({ wanted: one, resultId });
    else if (open) unnamed.set(open.jobId, [...(unnamed.get(open.jobId) ?? []), one]);
    else toBuy.push(one);
  }
  return {
    waiting,
    found,
    unnamed: [...unnamed].map(([jobId, ones]) => ({ jobId, wanted: ones })),
    toBuy,
  };
}

/** True where each picture that was asked for came: then the place in the answer says which is which. */
export const cameWhole = ({
  pictures,
  results,
}: {
  readonly pictures: readonly unknown[];
  readonly results: readonly unknown[];
}): boolean => results.length === pictures.length;

/** The pictures of a job that nobody has given a name. */
export const leftOver = ({ results }: Pick<SetOrder, 'results'>): SetOrder['results'] =>
  results.filter(({ savedAs }) => savedAs === undefined);

const placeOf = ({ pictures }: SetOrder, { name, words }: WantedPicture): number =>
  pictures.findIndex((picture) => picture.name === name && picture.words === words);

/** Whether a job is making a picture of these words for a name that no entry has any more: the entry may have another one now. */
function mayBring({ isRunning, pictures }: SetOrder, { words }: WantedPicture, present: ReadonlySet<string>): boolean {
  return isRunning && pictures.some((picture) => picture.words === words && !present.has(picture.name));
}

/** The picture that this job made for the wanted one, as far as that is certain; wherever it was to be saved then. */
function resultFor(order: SetOrder, wanted: WantedPicture, isAnew: boolean): string | undefined {
  const place = placeOf(order, wanted);
  const targets = [wanted.target, order.pictures[place]?.target];
  const result = cameWhole(order)
    ? order.results.find((one) => one.place === place)
    : order.results.find(({ savedAs }) => savedAs !== undefined && targets.includes(savedAs));
  return result?.savedAs !== undefined && isAnew ? undefined : result?.id;
}
