import { type DefaultTreeAdapterTypes as Tree, parse } from 'parse5';
import { beforeAll, describe, expect, test } from 'vitest';
import { modelCard } from '../../src/core/modelCard.ts';
import { type PanelAssets, studioHtml } from '../../src/host/studio/html.ts';
import { type BuiltPanel, buildPanel } from '../webview/page.ts';

const assets: PanelAssets = {
  source: 'https://files.panel.test',
  script: 'https://files.panel.test/dist/panel.js',
  shared: 'https://files.panel.test/dist/panel-shared.js',
  style: 'https://files.panel.test/dist/panel.css',
  language: 'en',
  title: 'Wan Image Studio',
};

/** Every element of a page, in its order. */
function elementsOf(html: string): Tree.Element[] {
  const found: Tree.Element[] = [];
  const visit = (node: Tree.Node): void => {
    if ('tagName' in node) found.push(node);
    if ('childNodes' in node) node.childNodes.forEach(visit);
  };
  visit(parse(html));
  return found;
}

const attribute = ({ attrs }: Tree.Element, name: string): string | undefined =>
  attrs.find((each) => each.name === name)?.value;

/** The policies of a page by the letter of the standard: directives in lower case, the first of a name counts. */
function policiesOf(html: string): Map<string, string[]>[] {
  return elementsOf(html)
    .filter((element) => attribute(element, 'http-equiv')?.toLowerCase() === 'content-security-policy')
    .map((meta) => {
      const policy = new Map<string, string[]>();
      for (const directive of (attribute(meta, 'content') ?? '').split(';')) {
        const [name, ...values] = directive.trim().split(/[ \t\n\f\r]+/);
        if (!name) continue;
        if (policy.has(name.toLowerCase())) throw new Error(`${name} stands there twice.`);
        policy.set(name.toLowerCase(), values);
      }
      return policy;
    });
}

/** Kinds of content that fall back on another directive, in the standard's order. */
const fallbacks: Readonly<Record<string, readonly string[]>> = {
  'connect-src': [],
  'font-src': [],
  'frame-src': ['child-src'],
  'img-src': [],
  'manifest-src': [],
  'media-src': [],
  'object-src': [],
  'script-src': [],
  'script-src-attr': ['script-src'],
  'script-src-elem': ['script-src'],
  'style-src': [],
  'style-src-attr': ['style-src'],
  'style-src-elem': ['style-src'],
  'worker-src': ['child-src', 'script-src'],
};

/** What may be loaded as this kind of content. Without any directive: everything. */
function allowed(policy: ReadonlyMap<string, string[]>, kind: string): readonly string[] {
  const names = [kind, ...(fallbacks[kind] ?? []), 'default-src'];
  return names.map((name) => policy.get(name)).find((values) => values !== undefined) ?? ['*'];
}

describe('the policy of the panel’s page', () => {
  const html = studioHtml(assets);
  const policies = policiesOf(html);
  const [policy = new Map<string, string[]>()] = policies;
  const nonce = /^'nonce-([A-Za-z0-9+/]{22}==)'$/;

  test('is one, and stands before whatever it is about', () => {
    expect(policies).toHaveLength(1);
    const names = elementsOf(html).map(({ tagName, attrs }) => [tagName, ...attrs.map(({ name }) => name)].join(' '));
    expect(names.slice(0, 4)).toEqual(['html lang', 'head', 'meta charset', 'meta http-equiv content']);
  });

  test('lets in our script by its nonce, and by nothing else', () => {
    expect(allowed(policy, 'script-src')).toEqual([expect.stringMatching(nonce)]);
    expect(allowed(policy, 'script-src-elem')).toEqual(allowed(policy, 'script-src'));
    expect(allowed(policy, 'script-src-attr')).toEqual(allowed(policy, 'script-src'));
  });

  test('lets in pictures and styles of this editor alone: none inline, none as data or blob', () => {
    expect(allowed(policy, 'img-src')).toEqual([assets.source]);
    expect(allowed(policy, 'style-src')).toEqual([assets.source]);
  });

  test.each(['connect-src', 'font-src', 'frame-src', 'manifest-src', 'media-src', 'object-src'])(
    '%s is none',
    (kind) => {
      expect(allowed(policy, kind)).toEqual(["'none'"]);
    },
  );

  test.each(['base-uri', 'form-action'])('%s is none, which default-src does not say', (name) => {
    expect(policy.get(name)).toEqual(["'none'"]);
  });

  test('has no word that opens it', () => {
    const words = [...policy.values()].flat().filter((word) => !nonce.test(word) && word !== assets.source);
    expect(new Set(words)).toEqual(new Set(["'none'"]));
    expect([...policy.keys()].filter((name) => !(name in fallbacks))).toEqual([
      'default-src',
      'base-uri',
      'form-action',
    ]);
  });

  test('has a nonce of its own for every page', () => {
    const nonces = Array.from({ length: 1000 }, () => allowed(policiesOf(studioHtml(assets))[0]!, 'script-src')[0]);
    expect(new Set(nonces).size).toBe(1000);
  });

  test('is not needed for anything in the page: no inline script, style or handler, no address but ours', () => {
    for (const element of elementsOf(html)) {
      const { tagName, attrs, childNodes } = element;
      expect(attrs.filter(({ name }) => /^on|^style$|^srcdoc$|^action$/.test(name))).toEqual([]);
      if (tagName === 'script') expect([childNodes.length, attribute(element, 'src')]).toEqual([0, assets.script]);
      expect(['style', 'iframe', 'base', 'form', 'object', 'embed']).not.toContain(tagName);
    }
    const addresses = html.match(/\b[a-z]+:\/\/[^"';\s>]+/g) ?? [];
    expect(addresses.every((address) => address.startsWith(assets.source))).toBe(true);
  });

  test('stays what it is, whatever the editor’s language and titles hold', () => {
    const evil = `"><script>alert(1)</script><meta http-equiv="Content-Security-Policy" content="default-src *">'`;
    const page = studioHtml({ ...assets, language: evil, title: evil, style: evil, shared: evil });
    const tags = elementsOf(page).map(({ tagName }) => tagName);
    expect(tags).toEqual(elementsOf(html).map(({ tagName }) => tagName));
    expect(policiesOf(page)).toHaveLength(1);
  });
});

describe('what the panel is shipped as', () => {
  let built: BuiltPanel;
  beforeAll(async () => {
    built = await buildPanel();
  });
  const filesOf = (ending: string): [name: string, text: string][] =>
    [...built].filter(([name]) => name.endsWith(ending));

  test('styles load nothing', () => {
    expect(filesOf('.css').length).toBeGreaterThan(0);
    for (const [name, text] of filesOf('.css')) {
      expect(text.match(/url\([^)]*\)|@import[^;]*|image-set\([^)]*\)|src\([^)]*\)/g) ?? [], name).toEqual([]);
    }
  });

  test('scripts name no host, but for namespaces and the service of the model card, which the host asks', () => {
    expect(filesOf('.js').length).toBeGreaterThan(0);
    for (const [name, text] of filesOf('.js')) {
      const addresses = text.match(/(?:https?|wss?|ftp):\/\/[^\s"'`<>\\]+/gi) ?? [];
      const loaded = addresses.filter(
        (address) =>
          address !== modelCard.defaultServiceUrl &&
          !/^http:\/\/www\.w3\.org\/(2000\/svg|1998\/Math\/MathML|1999\/xhtml)$/.test(address),
      );
      expect(loaded, name).toEqual([]);
    }
  });

  test('scripts have no way to the network, and none to run or draw text as code', () => {
    const ways =
      /\b(fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon|importScripts|eval|insertAdjacentHTML|DOMParser|createContextualFragment|WebTransport|RTCPeerConnection|SharedWorker|serviceWorker)\b\s*[(.]|document\.write|new Function\b|\bnew Worker\b|\.(?:srcdoc|outerHTML)\s*=/g;
    for (const [name, text] of filesOf('.js')) expect(text.match(ways) ?? [], name).toEqual([]);
  });
});
