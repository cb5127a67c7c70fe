import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { emptyRequest } from '../../src/core/request.ts';
import { Announcer } from '../../src/host/announcer.ts';
import type { Service } from '../../src/host/services.ts';
import type { Job, Jobs } from '../../src/jobs/engineTypes.ts';
import type { Intent, JobState } from '../../src/jobs/record.ts';
import { until } from './support/extension.ts';
import { Questions } from './support/questions.ts';

describe('telling that a job has ended', () => {
  const done: JobState = { state: 'done', endedAt: 1, missing: 0 };
  let questions: Questions;
  let changed: vscode.EventEmitter<{ service: Service; jobId: string }>;
  let claims: number;
  let asked: string[];
  let announcer: Announcer;
  let isStudioVisible: boolean;
  let job: Job;

  const service = {
    mode: 'live',
    jobs: { get: () => job, claimAnnouncement: () => Promise.resolve(claims++ === 0) } as Partial<Jobs> as Jobs,
  } as Service;

  function begin(options: { readonly buttons?: readonly string[] } = {}): void {
    questions = new Questions(options);
    changed = new vscode.EventEmitter();
    [claims, asked, isStudioVisible] = [0, [], false];
    const answer = (what: string) => (ids: readonly string[]) => {
      asked.push(`${what} ${ids.join(' ')}`);
      return Promise.resolve({ kind: 'declined', files: [] } as const);
    };
    announcer = new Announcer({
      services: { onDidChangeJob: changed.event, find: () => ({ service, job }) },
      results: {
        save: answer('save'),
        saveElsewhere: answer('save elsewhere'),
        saveExactly: answer('save exactly'),
        insert: answer('insert'),
      },
      teller: {
        tell: (telling) => Promise.resolve(void questions.shown.push(telling.text)),
        tellSaved: () => Promise.resolve(),
      },
      studio: {
        get isVisible() {
          return isStudioVisible;
        },
        open: () => asked.push('open'),
      },
      finishSet: () => Promise.resolve(void asked.push('finish set')),
      tellMadeByAgent: () => Promise.resolve(void asked.push('tell what an agent had made')),
      target: () => ({ document: vscode.Uri.parse('untitled:x.md'), offset: 0 }),
      log: { info: () => undefined, error: (_, error) => assert.fail(String(error)) },
    });
  }

  afterEach(() => {
    announcer.dispose();
    questions.dispose();
  });

  function jobThatIs(status: JobState, intent: Intent = { kind: 'show' }, isCancelled = false): Job {
    const kept = { file: 'x', width: 1, height: 1, format: 'png', byteLength: 1, sha256: '' };
    return {
      record: {
        version: 1,
        id: 'job',
        draftId: 'draft',
        askedBy: 'palette',
        intent,
        request: { ...emptyRequest(), prompt: 'A fox' },
        createdAt: 0,
        highestPrice: 75,
        highestCount: 1,
        cancelled: isCancelled,
        dismissed: false,
        status,
        results: [{ ...kept, id: 'job-0' }],
      },
      news: undefined,
      queue: undefined,
      trouble: undefined,
    };
  }

  it('happens once, with the way to save', async () => {
    begin({ buttons: ['Save'] });
    job = jobThatIs({ state: 'prepared' });
    announcer.own(service, 'job');
    job = jobThatIs(done);
    changed.fire({ service, jobId: 'job' });
    changed.fire({ service, jobId: 'job' });
    await until('it was saved', () => asked.length > 0);
    assert.deepEqual(asked, ['save job-0']);
    assert.deepEqual(questions.shown, ['Your picture “A fox” is ready.']);
  });

  it('is left to the studio where it can be seen, and still counts as told', async () => {
    begin();
    isStudioVisible = true;
    job = jobThatIs(done);
    announcer.own(service, 'job');
    await until('it was claimed', () => claims === 1);
    assert.deepEqual(questions.shown, []);
  });

  it('offers to insert what was to be inserted, also beside the studio', async () => {
    begin({ buttons: ['Insert at Cursor'] });
    isStudioVisible = true;
    job = jobThatIs(done, { kind: 'insert', document: 'file:///x.md', offset: 3 }, true);
    announcer.own(service, 'job');
    await until('it was inserted', () => asked.length > 0);
    assert.deepEqual(asked, ['insert job-0']);
  });

  it('saves what was to be saved as it was fixed, also behind the studio, unless the user took it back', async () => {
    begin();
    isStudioVisible = true;
    const intent = { kind: 'save', targets: ['file:///work/fox.png'] } as const;
    job = jobThatIs(done, { ...intent, targets: [...intent.targets] });
    announcer.own(service, 'job');
    await until('it was saved', () => asked.length > 0);
    assert.deepEqual(asked, ['save exactly job-0']);

    announcer.dispose();
    questions.dispose();
    begin({ buttons: ['Show'] });
    job = jobThatIs(done, { ...intent, targets: [...intent.targets] }, true);
    announcer.own(service, 'job');
    await until('it was offered', () => asked.length > 0);
    assert.deepEqual(asked, ['open']);
  });

  it('of what an agent asked for says that it did', async () => {
    begin();
    const byPerson = jobThatIs(done, { kind: 'save', targets: ['file:///work/fox.png'] });
    job = { ...byPerson, record: { ...byPerson.record, askedBy: 'agent' } };
    announcer.own(service, 'job');
    await until('it was told', () => asked.length > 1);
    assert.deepEqual(asked, ['save exactly job-0', 'tell what an agent had made']);
  });

  it('says why a job failed, but not that one was stopped before it was sent', async () => {
    begin();
    job = jobThatIs({ state: 'failed', endedAt: 1, failure: { kind: 'no-credit', mayBeBilled: false } });
    announcer.own(service, 'job');
    await until('it was said', () => questions.shown.length > 0);
    assert.deepEqual(questions.shown, ['The account has no credit left for this request.']);

    announcer.dispose();
    questions.dispose();
    begin();
    const failure = { kind: 'cancelled', mayBeBilled: false } as const;
    job = jobThatIs({ state: 'failed', endedAt: 1, failure }, { kind: 'show' }, true);
    announcer.own(service, 'job');
    await until('it was claimed', () => claims === 1);
    assert.deepEqual(questions.shown, []);
  });

  it('is left for a moment to the window that started the job', async () => {
    begin();
    job = jobThatIs(done);
    changed.fire({ service, jobId: 'job' });
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(claims, 0);
    await until('this window tells it after all', () => questions.shown.length > 0);
  });

  it('is left to whoever waits for the job', async () => {
    begin();
    job = jobThatIs({ state: 'prepared' });
    const end = announcer.end(service, 'job', new AbortController().signal);
    job = jobThatIs(done);
    changed.fire({ service, jobId: 'job' });
    assert.equal(await end, 'ended');
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(claims, 0);
  });

  it('happens after all when nobody waits any more', async () => {
    begin();
    job = jobThatIs({ state: 'prepared' });
    const leaving = new AbortController();
    const end = announcer.end(service, 'job', leaving.signal);
    leaving.abort();
    assert.equal(await end, 'given up');
    job = jobThatIs(done);
    changed.fire({ service, jobId: 'job' });
    await until('it is told', () => questions.shown.length > 0);
  });
});
