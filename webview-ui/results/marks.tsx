import type { JSX } from 'preact';
import type { JobView } from '../../src/core/messages.ts';

/** The boxes that were drawn on the original of an edit, over its picture in the list. */
export function Marks({ source, request }: JobView): JSX.Element | null {
  if (source?.phase.state !== 'ready') return null;
  const { width, height } = source.phase.facts;
  const boxes = request.inputs.find(({ id }) => id === source.id)?.boxes ?? [];
  const percent = (part: number, whole: number): string => `${(part / whole) * 100}%`;
  return (
    <>
      {boxes.map(({ x1, y1, x2, y2 }, index) => (
        <span
          class="mark"
          key={index}
          style={{
            left: percent(x1, width),
            top: percent(y1, height),
            width: percent(x2 - x1, width),
            height: percent(y2 - y1, height),
          }}
        />
      ))}
    </>
  );
}
