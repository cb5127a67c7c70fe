import type { Box } from '../../src/core/request.ts';
import { toViewport, type View } from './geometry.ts';

/** Where a rectangle of the picture lies in the viewport, as a style. */
export function placeStyle(view: View, { x1, y1, x2, y2 }: Box): Record<'left' | 'top' | 'width' | 'height', string> {
  const { x, y } = toViewport(view, { x: x1, y: y1 });
  return { left: `${x}px`, top: `${y}px`, width: `${(x2 - x1) * view.scale}px`, height: `${(y2 - y1) * view.scale}px` };
}
