import { expect, test } from 'vitest';
import { mayBeBilledAt } from '../../src/service/api.ts';
import { kindOfAnswer, kindOfFailedJob, refusalOf } from '../../src/service/refusals.ts';

const envelope = (message: string, code?: string, param: string | null = null) => ({
  error: { message, type: 'invalid_request_error', code, param },
});
const submit = (status: number, json: unknown, carriesInline = false) => {
  const refusal = refusalOf(json);
  const kind = kindOfAnswer(status, refusal, { what: 'submit', carriesInline });
  return [kind, mayBeBilledAt(status, kind, refusal?.code)];
};

test.each([
  [401, envelope('No key', 'missing_api_key'), false, 'key-missing', false],
  [401, envelope('Bad key', 'invalid_api_key'), false, 'key-refused', false],
  [401, undefined, false, 'key-refused', false],
  [403, envelope('Bad key', 'invalid_api_key'), false, 'key-refused', false],
  [403, envelope('Access denied', 'AccessDenied'), false, 'bad-request', false],
  [402, envelope('Empty', 'insufficient_credits'), false, 'no-credit', false],
  [400, envelope('Empty', 'insufficient_credits'), false, 'no-credit', false],
  [429, undefined, false, 'busy', false],
  [400, envelope('Slow down', 'rate_limit_exceeded'), false, 'busy', false],
  [503, envelope('Worker offline', 'model_unavailable'), false, 'unavailable', false],
  [503, undefined, false, 'unavailable', true],
  [500, envelope('Oops', 'internal_error'), false, 'unavailable', true],
  [502, envelope('The provider returned an error.', 'upstream_error'), false, 'unavailable', true],
  [504, undefined, false, 'unavailable', true],
  [502, envelope('InvalidApiKey: the provider refused us', 'upstream_error'), false, 'unavailable', true],
  [
    502,
    envelope('<400> DataInspectionFailed: Input data may contain inappropriate content', 'upstream_error'),
    false,
    'content-refused',
    false,
  ],
  [400, { request_id: 'r', code: 'data_inspection_failed', message: 'no' }, false, 'content-refused', false],
  [502, envelope('IPInfringementSuspect', 'upstream_error'), true, 'content-refused', false],
  [
    400,
    envelope(
      'InvalidParameter.DataInspection: Unable to download the media resource during the data inspection process.',
    ),
    false,
    'bad-request',
    false,
  ],
  [
    400,
    envelope('InvalidParameter.DataInspection: Unable to download the media resource.'),
    true,
    'inline-image-refused',
    false,
  ],
  [502, envelope('InvalidParameter: num_images_per_prompt must be 1', 'upstream_error'), false, 'bad-request', false],
  [400, envelope('Image must be a URL', 'invalid_parameter', 'image'), true, 'inline-image-refused', false],
  [
    422,
    { detail: [{ loc: ['body', 'image', 0], msg: 'value is not a valid url' }] },
    true,
    'inline-image-refused',
    false,
  ],
  [400, envelope('data: URIs are not accepted'), true, 'inline-image-refused', false],
  [400, envelope('data: URIs are not accepted'), false, 'bad-request', false],
  [413, undefined, true, 'inline-image-refused', false],
  [413, envelope('The request body is too large.', 'request_too_large'), false, 'bad-request', false],
  [400, envelope('bbox_list needs one entry per image'), true, 'bad-request', false],
  [400, envelope('num_images must be 1 to 4', 'invalid_parameter', 'num_images'), true, 'bad-request', false],
  [404, envelope('No such model', 'model_not_found'), false, 'bad-request', false],
  [404, undefined, false, 'unexpected', false],
  [408, undefined, false, 'unavailable', false],
  [302, undefined, false, 'unexpected', true],
  [200, { error: 'something odd' }, false, 'unexpected', true],
  [200, envelope('DataInspectionFailed', 'upstream_error'), false, 'content-refused', false],
  [200, { code: 'InvalidParameter', message: 'size', request_id: 'x' }, false, 'bad-request', false],
])('submit: %i %j (inline images: %s) is %s, may be billed: %s', (status, json, carriesInline, kind, mayBeBilled) => {
  expect(submit(status, json, carriesInline)).toEqual([kind, mayBeBilled]);
});

test.each([
  [
    { error: { message: 'Input data may contain inappropriate content.', code: 'upstream_error' } },
    false,
    'content-refused',
  ],
  [{ error: 'DataInspectionFailed' }, false, 'content-refused'],
  [{ error: { message: 'The provider could not', code: 'upstream_error' } }, false, 'unavailable'],
  [{ error: { message: 'InvalidApiKey', code: 'upstream_error' } }, false, 'unavailable'],
  [{ error: { message: 'Throttling.RateQuota' } }, false, 'unavailable'],
  [
    { error: { message: 'InvalidImageFormat: could not be decoded', code: 'upstream_error' } },
    true,
    'inline-image-refused',
  ],
  [{ error: { message: 'InvalidImageFormat: could not be decoded', code: 'upstream_error' } }, false, 'bad-request'],
  [{ error: 'it broke' }, false, 'nothing-delivered'],
  [{ error: null }, false, 'nothing-delivered'],
])('a failed job with %j (inline images: %s) is %s', (json, carriesInline, kind) => {
  expect(kindOfFailedJob(refusalOf(json), carriesInline)).toBe(kind);
});

test('a poll never takes a gateway trouble for a judgement of the content', () => {
  const refusal = refusalOf(envelope('DataInspectionFailed', 'upstream_error'));
  expect(kindOfAnswer(502, refusal, { what: 'poll', carriesInline: false })).toBe('unavailable');
});
