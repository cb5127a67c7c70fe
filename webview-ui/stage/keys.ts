import type { Box } from '../../src/core/request.ts';
import { focusFieldSoon } from '../parts/fieldIds.ts';
import { moveBox, type Point, resizeBox } from './geometry.ts';
import type { Stage } from './stage.ts';
import { viewportId } from './stageFrame.tsx';

const arrows: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** How far an arrow moves the picture when no box has the keyboard, in CSS pixels. */
const panStep = 40;

/** The field by which problems name a box of the picture shown. */
export const boxField = (stage: Stage, index: number): string => `inputs.${stage.index}.boxes.${index}`;

/** What the keyboard does on the stage. `box` is the box that has it. */
export function onStageKey(stage: Stage, event: KeyboardEvent, box: number | undefined): void {
  const isText = event.target instanceof HTMLInputElement;
  if (isText || event.isComposing || !act(stage, event, box)) return;
  event.preventDefault();
  // VS Code would take some of these for its own.
  event.stopPropagation();
}

/** Ends what a held key has joined into one step. */
export function onStageKeyUp(stage: Stage, event: KeyboardEvent): void {
  stage.pause();
  if (event.key === 'Alt' && !(event.target instanceof HTMLInputElement)) event.stopPropagation();
}

function act(stage: Stage, event: KeyboardEvent, box: number | undefined): boolean {
  const { key } = event;
  const isControl = event.ctrlKey || event.metaKey;
  if (isControl && !(event.shiftKey && arrows[key])) return actWithControl(stage, event);
  const arrow = arrows[key];
  if (arrow) return actWithArrow(stage, event, arrow, box);
  switch (key) {
    // It keeps boxes from snapping; VS Code would go to its menu when it is let go.
    case 'Alt':
      return true;
    case 'b':
    case 'B': {
      addBox(stage);
      return true;
    }
    case 'd':
    case 'D':
      if (box === undefined) return false;
      duplicateBox(stage, box);
      return true;
    case '+':
    case '=':
      return zoom(stage, () => stage.zoomStep(1));
    case '-':
      return zoom(stage, () => stage.zoomStep(-1));
    case '0':
      return zoom(stage, () => stage.fit());
    case '1':
      return zoom(stage, () => stage.zoomTo(1));
    case 'Delete':
    case 'Backspace':
      if (box === undefined) return false;
      deleteBox(stage, box);
      return true;
    case 'Escape':
      if (box === undefined) return false;
      stage.choose(undefined);
      document.getElementById(viewportId)?.focus();
      return true;
    default:
      return false;
  }
}

/** Adds a box; the keyboard goes to it. */
export function addBox(stage: Stage): void {
  if (stage.addBox()) focusBox(stage, stage.boxes.length - 1);
}

/** Zooms, and says how large the picture is shown then. */
export function zoom(stage: Stage, change: () => void): true {
  change();
  stage.sayScale();
  return true;
}

/** Adds a box like another; the keyboard goes to it. */
export function duplicateBox(stage: Stage, index: number): void {
  if (stage.duplicateBox(index)) focusBox(stage, stage.boxes.length - 1);
}

/** Deletes all boxes; the keyboard goes to the picture. */
export function clearBoxes(stage: Stage): void {
  stage.clearBoxes();
  document.getElementById(viewportId)?.focus();
}

/** Brings the keyboard to a box: to its frame, or to what is written of it where it has no picture to lie on. */
function focusBox(stage: Stage, index: number): void {
  const field = boxField(stage, index);
  focusFieldSoon(stage.ready ? field : `${field}.label`);
}

/** Deletes a box; the keyboard goes to the one that is left, or to the picture. */
export function deleteBox(stage: Stage, index: number): void {
  stage.deleteBox(index);
  if (stage.boxes.length > 0) focusBox(stage, 0);
  else document.getElementById(viewportId)?.focus();
}

function actWithControl(stage: Stage, { key, shiftKey }: KeyboardEvent): boolean {
  const isRedo = key === 'y' || (shiftKey && key.toLowerCase() === 'z');
  if (!isRedo && key !== 'z') return false;
  stage.travel(isRedo ? 'redo' : 'undo');
  return true;
}

function actWithArrow(stage: Stage, event: KeyboardEvent, arrow: Point, at: number | undefined): boolean {
  const box = at === undefined ? undefined : stage.boxes[at];
  if (at === undefined || !box) {
    if (event.altKey || event.shiftKey || !stage.canPan) return false;
    stage.panBy({ x: -arrow.x * panStep, y: -arrow.y * panStep });
    return true;
  }
  if (stage.whyNoBox === 'boxInSet') {
    stage.sayWhyNoBox();
    return true;
  }
  const length = event.altKey ? 10 : 1;
  const by = { x: arrow.x * length, y: arrow.y * length };
  // A key that is held is one step to take back.
  if (!event.repeat) stage.pause();
  // With Control the upper left corner follows, so that each side can be moved without the others.
  const corner = event.ctrlKey || event.metaKey ? 'nw' : 'se';
  const changed = event.shiftKey
    ? resizeBox(box, corner, notBeyond(corner, by, box), stage.size)
    : moveBox(box, by, stage.size);
  stage.placeBox(at, changed, event.key);
  return true;
}

/** By the keyboard a box gets no smaller than a pixel, and never turns over. */
function notBeyond(corner: 'nw' | 'se', by: Point, { x1, y1, x2, y2 }: Box): Point {
  const most = { x: x2 - x1 - 1, y: y2 - y1 - 1 };
  return corner === 'nw'
    ? { x: Math.min(by.x, most.x), y: Math.min(by.y, most.y) }
    : { x: Math.max(by.x, -most.x), y: Math.max(by.y, -most.y) };
}
