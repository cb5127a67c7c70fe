import type { PanelMessage, Snapshot } from '../../src/core/messages.ts';
import type { ImageRequest } from '../../src/core/request.ts';
import type { Desk } from '../stage/stage.ts';
import type { Loaded } from '../state.ts';

/** What the later part of the form needs of the studio. */
export interface FormDesk extends Desk {
  readonly shown: Snapshot;
  send(message: PanelMessage): void;
  /** Tells the host of the last change now. */
  flush(): void;
  /** Fills the form from elsewhere; what was in it can be brought back. */
  load(request: ImageRequest, from: Loaded['from']): void;
}
