import { expect, test } from 'vitest';
import { jobStatusOf, submitAnswerOf } from '../../src/service/answers.ts';

const none = new Map<string, string>();
const known = { carriesInline: false, secrets: [] };
const url = 'https://cdn.example/x.png?sig=1';
const items = [{ kind: 'url', url }];

test.each([
  [
    'a job',
    { job_id: 'job_1', status: 'processing', poll_url: 'https://evil.example/v1/jobs/x' },
    { kind: 'job', jobId: 'job_1' },
  ],
  [
    'a job with unknown keys',
    { job_id: 'job_1', status: 'queued', region: 'x', links: {} },
    { kind: 'job', jobId: 'job_1' },
  ],
  [
    'pictures',
    { created: 1, data: [{ url }], usage: { billable_units: 1, billing_unit: 'image' } },
    { kind: 'finished', items, billedImages: 1 },
  ],
  ['nested pictures', { status: 'completed', result: { data: [{ url }] } }, { kind: 'finished', items }],
  [
    'pictures and a job',
    { job_id: 'job_1', status: 'completed', result: { data: [{ url }] } },
    { kind: 'finished', items, jobId: 'job_1' },
  ],
  ['a numeric job id', { job_id: 17 }, { kind: 'job', jobId: '17' }],
  ['a job under "job"', { job: { id: 'j' } }, { kind: 'job', jobId: 'j' }],
  ['no pictures', { data: [] }, undefined],
  ['an id of dots', { job_id: '..' }, undefined],
  ['an error', { error: { message: 'x' } }, undefined],
  ['a list', [], undefined],
])('submit: %s', (_name, json, expected) => {
  expect(submitAnswerOf(json, none, undefined, known)).toEqual(expected);
});

test.each([
  ['queued', { status: 'queued' }, { state: 'queued' }],
  ['in work', { status: 'PROCESSING', progress: 0.4 }, { state: 'processing', progress: 0.4 }],
  ['an unknown state', { status: 'polishing', progress: 7 }, { state: 'processing', progress: 1 }],
  [
    'completed',
    { status: 'completed', result: { data: [{ url }], usage: { billable_units: 2 } } },
    { state: 'completed', items, billedImages: 2 },
  ],
  ['completed at the top', { status: 'succeeded', data: [{ url }] }, { state: 'completed', items }],
  ['completed as a list', { status: 'done', result: [{ url }] }, { state: 'completed', items }],
  ['pictures without a state', { result: { data: [{ url }] } }, { state: 'completed', items }],
  [
    'some items unusable',
    { status: 'completed', data: [{ url }, {}, { url: 'ftp://x' }, null] },
    { state: 'completed', items },
  ],
  ['no state at all', { hello: 'world' }, undefined],
  ['null', null, undefined],
])('poll: %s', (_name, json, expected) => {
  expect(jobStatusOf(json, none, known)).toEqual(expected);
});

test.each([
  ['empty data', { status: 'completed', result: { data: [] } }, 'nothing-delivered', true],
  ['no result', { status: 'completed', result: null, error: null }, 'nothing-delivered', true],
  [
    'empty data that was not billed',
    { status: 'completed', result: { data: [], usage: { billable_units: 0 } } },
    'nothing-delivered',
    false,
  ],
  [
    'failed, error an object',
    { status: 'failed', error: { message: 'inappropriate content' } },
    'content-refused',
    true,
  ],
  ['failed, error a string', { status: 'failed', error: 'inappropriate content' }, 'content-refused', true],
  ['failed, no words', { status: 'failed', error: null }, 'nothing-delivered', true],
  ['cancelled', { status: 'cancelled' }, 'nothing-delivered', true],
  ['an error without a state', { error: { message: 'upstream_error' } }, 'unavailable', true],
])('poll: %s is a failure', (_name, json, kind, mayBeBilled) => {
  expect(jobStatusOf(json, none, known)).toMatchObject({ state: 'failed', failure: { kind, mayBeBilled } });
});
