import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keptAddress, mostRecipeBytes, readRecipe, Recipe, recipeSource, recipeText } from '../../src/core/recipe.ts';
import { someRequest } from './arbitraries.ts';
import { anInput } from './making.ts';

const recipe: Recipe = {
  wanImageRecipe: 1,
  app: 'wan-image-studio 0.1.0',
  madeAt: '2026-11-26T08:00:00Z',
  madeBy: 'service',
  request: Recipe.shape.request.parse({ prompt: 'a fox', seed: 7 }),
  inputs: [
    {
      source: { kind: 'file', path: '../images/photo.jpg', sha256: 'a'.repeat(64), width: 640, height: 480 },
      boxes: [{ x1: 1, y1: 2, x2: 30, y2: 40, label: 'the door' }],
    },
    { source: { kind: 'address', url: 'https://pictures.io/fox.png' }, boxes: [] },
  ],
  picture: { number: 1, of: 4, width: 2048, height: 1152, format: 'png', version: 'whole' },
  cost: 300,
};

describe('a recipe', () => {
  test('is read again as it was written, whatever was asked for', () => {
    fc.assert(
      fc.property(someRequest, ({ inputs, responseFormat: _, ...request }) => {
        const sources = recipe.inputs[0]?.source;
        const written: Recipe = {
          ...recipe,
          request,
          inputs: inputs.slice(0, 9).flatMap(({ boxes }) => (sources ? [{ source: sources, boxes }] : [])),
        };
        const text = recipeText(written);
        expect(text && readRecipe(text)).toEqual({ kind: 'recipe', recipe: JSON.parse(JSON.stringify(written)) });
      }),
      { numRuns: 200 },
    );
  });

  test('of another time, of another kind, too large or too deep is refused', () => {
    const why = (value: unknown) => {
      const read = readRecipe(typeof value === 'string' ? value : JSON.stringify(value));
      return read.kind === 'refused' ? read.why : read.kind;
    };
    expect(why(recipe)).toBe('recipe');
    expect(why({ ...recipe, wanImageRecipe: 2 })).toBe('newer');
    expect(why({ ...recipe, command: 'workbench.action.quit' })).toBe('not-a-recipe');
    expect(why({ ...recipe, request: { ...recipe.request, command: 'x' } })).toBe('not-a-recipe');
    expect(why({ ...recipe, request: { ...recipe.request, prompt: 'x'.repeat(mostRecipeBytes) } })).toBe('too-large');
    // Three bytes each.
    expect(why({ ...recipe, request: { ...recipe.request, prompt: '狐'.repeat(mostRecipeBytes / 3) } })).toBe(
      'too-large',
    );
    expect(why('['.repeat(mostRecipeBytes))).toBe('not-a-recipe');
    expect(why('{"wanImageRecipe":1')).toBe('not-a-recipe');
    expect(why({ ...recipe, madeAt: '2026-99-99T00:00:00Z' })).toBe('not-a-recipe');
    expect(why('null')).toBe('not-a-recipe');
    expect(why({ ...recipe, inputs: Array.from({ length: 10 }, () => recipe.inputs[0]) })).toBe('not-a-recipe');
    expect(recipeText({ ...recipe, request: { ...recipe.request, prompt: 'x'.repeat(mostRecipeBytes) } })).toBe(
      undefined,
    );
  });

  test.each([
    '/etc/passwd',
    '//host/share/a.png',
    '\\\\host\\share\\a.png',
    'C:/Users/a.png',
    'c:a.png',
    'file:///etc/passwd',
    'https://a.io/b.png',
    'a\u0000.png',
    'a\n.png',
    '',
  ])('may not send anybody to %j', (path) => {
    const source = { kind: 'file', path, sha256: 'a'.repeat(64), width: 1, height: 1 };
    const read = readRecipe(JSON.stringify({ ...recipe, inputs: [{ source, boxes: [] }] }));
    expect(read).toEqual({ kind: 'refused', why: 'not-a-recipe' });
  });
});

describe('what a recipe says of a picture that was sent along', () => {
  const sent = (path: string) => ({
    input: anInput('a', { name: '/home/jane/private/passport.png' }),
    source: { path, sha256: 'b'.repeat(64), width: 5, height: 6 },
  });

  test('is the way from its folder to a file of the workspace folder', () => {
    const step = fc.constantFrom('docs', 'images', 'a b', 'ä');
    const steps = fc.array(step, { maxLength: 4 });
    fc.assert(
      fc.property(steps, steps, (folder, file) => {
        const root = '/home/jane/site';
        const target = [root, ...file, 'x.png'].join('/');
        const source = recipeSource(sent(target), [root, ...folder].join('/'), root);
        if (source.kind !== 'file') throw new Error(source.kind);
        // An independent judge of ways.
        const found = new URL(
          source.path.split('/').map(encodeURIComponent).join('/'),
          `file://${[root, ...folder, ''].map(encodeURI).join('/')}`,
        );
        expect(decodeURIComponent(found.pathname)).toBe(target);
        expect(source.path).not.toContain('jane');
      }),
      { numRuns: 200 },
    );
  });

  test('is never the name of a file that is elsewhere', () => {
    for (const path of ['/home/jane/passport.png', '/home/jane/sit/a.png', '/home/jane/site2/a.png']) {
      const source = recipeSource(sent(path), '/home/jane/site/images', '/home/jane/site');
      expect(source).toEqual({ kind: 'elsewhere', sha256: 'b'.repeat(64), width: 5, height: 6 });
    }
    expect(recipeSource(sent('/home/jane/a.png'), '/home/jane', undefined).kind).toBe('elsewhere');
  });

  test('is an address only where nothing in it can be a signature or a machine of one’s own', () => {
    expect(keptAddress('https://pictures.io/a/fox.png')).toBe('https://pictures.io/a/fox.png');
    for (const address of [
      'https://pictures.io/fox.png?X-Amz-Signature=abc',
      'https://pictures.io/fox.png?',
      'https://pictures.io/fox.png#x',
      'https://jane:secret@pictures.io/fox.png',
      'http://pictures.io/fox.png',
      'https://10.0.0.7/fox.png',
      'https://files.corp/fox.png',
      'file:///home/jane/fox.png',
      'data:image/png;base64,AAAA',
      '',
    ])
      expect(keptAddress(address), address).toBe(undefined);
    const input = anInput('a', { url: 'https://pictures.io/fox.png?token=abc' });
    expect(recipeSource({ input }, '/a', '/a')).toEqual({ kind: 'address-not-kept' });
  });
});
