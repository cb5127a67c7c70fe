import type { JobRecord } from './record.ts';

/**
 * Which picture of a job lies in which of its slots: ids by slot, from 0; undefined where a slot is empty. The service
 * names no pictures, so each lies in the slot of its place in the answer until somebody moves it.
 */
export function slotsOf({ id, results, highestCount, slots = {} }: SlotRecord): (string | undefined)[] {
  const places: (string | undefined)[] = Array.from({ length: Math.max(highestCount, results.length) });
  const isFree = (slot: number): boolean => slot in places && places[slot] === undefined;
  const waiting: string[] = [];
  for (const result of results) {
    const slot = slots[result.id];
    if (slot !== undefined && isFree(slot)) places[slot] = result.id;
    else waiting.push(result.id);
  }
  for (const resultId of waiting) {
    const own = Number(resultId.slice(id.length + 1));
    places[isFree(own) ? own : places.indexOf(undefined)] = resultId;
  }
  return places;
}

type SlotRecord = Pick<JobRecord, 'id' | 'results' | 'highestCount' | 'slots'>;

/** The slots of a job's pictures after one was moved: what lay there takes its old slot. Undefined where there is no such slot. */
export function withMoved(record: SlotRecord, resultId: string, slot: number): Record<string, number> | undefined {
  const places = slotsOf(record);
  const from = places.indexOf(resultId);
  if (from === -1 || !(slot in places)) return undefined;
  [places[from], places[slot]] = [places[slot], resultId];
  return Object.fromEntries(places.flatMap((there, at) => (there === undefined ? [] : [[there, at]])));
}

/** What the slot of a picture is called: the line of the set that stands at its place, if that says anything. */
export function lineOf(record: SlotRecord & Pick<JobRecord, 'request'>, resultId: string): string | undefined {
  const { imageSet, setLines } = record.request;
  return (imageSet && setLines[slotsOf(record).indexOf(resultId)]?.trim()) || undefined;
}
