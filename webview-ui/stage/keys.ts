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

function act(stage: Stage, event: KeyboardEvent, box: number | undefined): boolean {
  const { key } = event;
  if (event.ctrlKey || event.metaKey) return actWithControl(stage, event);
  const arrow = arrows[key];
  if (arrow) return actWithArrow(stage, event, arrow, box);
  switch (key) {
    case 'b':
    case 'B': {
      addBox(stage);
      return true;
    }
    case '+':
    case '=':
      stage.zoomStep(1);
      return true;
    case '-':
      stage.zoomStep(-1);
      return true;
    case '0':
      stage.fit();
      return true;
    case '1':
      stage.zoomTo(1);
      return true;
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
  const changed = event.shiftKey ? resizeBox(box, 'se', notBeyond(by, box), stage.size) : moveBox(box, by, stage.size);
  stage.placeBox(at, changed, event.key);
  return true;
}

/** By the keyboard a box gets no smaller than a pixel, and never turns over. */
function notBeyond(by: Point, box: { x1: number; y1: number; x2: number; y2: number }): Point {
  return { x: Math.max(by.x, box.x1 + 1 - box.x2), y: Math.max(by.y, box.y1 + 1 - box.y2) };
}
