import * as assert from 'node:assert/strict';
import { failureKinds } from '../../src/core/failure.ts';
import { problemSentences } from '../../src/core/sentences.ts';
import { actionLabel, problemSentence, tellFailure, tellSaveError, tellTrouble } from '../../src/host/telling.ts';

describe('what the user is told', () => {
  for (const kind of failureKinds) {
    it(`of a failure of kind ${kind} is a sentence with next steps, and no code`, () => {
      const { text, actions, logLine } = tellFailure(
        { kind, mayBeBilled: true, status: 418, requestId: 'req_1' },
        'live',
      );
      assert.match(text, /^[A-Z].*\.$/);
      assert.doesNotMatch(text, /!|418|req_1/);
      assert.match(logLine, /status 418, request req_1, may be billed/);
      if (kind !== 'late') assert.ok(actions.length > 0);
      for (const action of actions) assert.notEqual(actionLabel(action), '');
    });
  }

  it('says when a request may have been billed', () => {
    assert.match(
      tellFailure({ kind: 'network', mayBeBilled: true }, 'live').text,
      /may have been billed, so it was not sent again/,
    );
    assert.doesNotMatch(tellFailure({ kind: 'network', mayBeBilled: false }, 'live').text, /billed/);
    assert.doesNotMatch(tellFailure({ kind: 'network', mayBeBilled: true }, 'practice').text, /billed/);
  });

  it('of a job that is held up does not speak of sending it again', () => {
    const { text, actions } = tellTrouble({ kind: 'key-refused', mayBeBilled: true }, 'live');
    assert.match(text, /^The service refused the API key\. A picture .* waits for this/);
    assert.deepEqual(actions, ['set-key', 'use-practice']);
    assert.deepEqual(tellTrouble({ kind: 'network', mayBeBilled: true }, 'live').actions, [
      'open-settings',
      'show-log',
    ]);
  });

  it('says how long to wait', () => {
    assert.match(
      tellFailure({ kind: 'busy', mayBeBilled: false, retryAfterMs: 1500 }, 'live').text,
      /Try again in 2 s\.$/,
    );
  });

  it('has no gaps left in the sentence of a problem', () => {
    const problem = {
      code: 'input-too-small',
      field: 'inputs.0',
      severity: 'error',
      args: ['icon.png', 32, 32],
    } as const;
    assert.equal(problemSentence(problem), 'icon.png is 32 × 32 pixels; each side must have at least 240.');
    assert.ok(Object.values(problemSentences).every((sentence) => sentence.endsWith('.')));
  });

  it('keeps the picture and offers another place when it could not be saved', () => {
    const { text, actions, unsaved } = tellSaveError('no-space', 'images', ['job-0']);
    assert.equal(text, 'There is no room left on the disk for images. The picture is still kept in the studio.');
    assert.deepEqual(actions, ['choose-folder']);
    assert.deepEqual(unsaved, ['job-0']);
  });
});
