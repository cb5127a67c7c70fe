import { expect, test } from 'vitest';
import { preflight } from '../../src/core/preflight.ts';
import type { ReadyRequest } from '../../src/core/readyRequest.ts';
import { aRequest } from './making.ts';

/** Stands for the client, which takes nothing else. */
function send(ready: ReadyRequest): string {
  return ready.fields.model;
}

test('a ready request comes from preflight and cannot be made by hand', () => {
  const { ready } = preflight(aRequest(), new Map(), { boxForm: 'auto', drawSeed: () => 1 });
  if (!ready) throw new Error('the request is good');
  expect(send(ready)).toBe('wan2-7-image');

  const { request, fields, images, highestPrice, highestCount, expectedSize } = ready;
  // @ts-expect-error: all the same fields, but nobody has checked them
  send({ request, fields, images, highestPrice, highestCount, expectedSize });
  // @ts-expect-error: the mark of a check cannot be named outside core
  send({ checked: true, request, fields, images, highestPrice, highestCount, expectedSize });
  // @ts-expect-error: a request that was only typed in
  expect(() => send(aRequest())).toThrow(TypeError);
  const refused = preflight(aRequest({ prompt: '' }), new Map(), { boxForm: 'auto', drawSeed: () => 1 });
  // @ts-expect-error: what preflight answers may hold none
  expect(() => send(refused.ready)).toThrow(TypeError);
  // @ts-expect-error: a checked one cannot be altered
  expect(() => (Object.freeze(ready).fields = { ...fields, prompt: 'another' })).toThrow(TypeError);
});
