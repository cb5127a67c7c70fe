import type { JSX } from 'preact';
import type { Studio } from '../state.ts';
import { Gestures } from './gestures.ts';
import { type Desk, Stage } from './stage.ts';
import { StageView } from './stageView.tsx';

/** What edits pictures. The build makes a file of its own of this and of what only this imports. */
export class Editor {
  readonly stage: Stage;
  readonly #gestures: Gestures;

  constructor(desk: Desk) {
    this.stage = new Stage(desk);
    this.#gestures = new Gestures(this.stage);
  }

  draw(studio: Studio): JSX.Element {
    return <StageView studio={studio} stage={this.stage} gestures={this.#gestures} />;
  }
}
