/**
 * XMP packets as far as our own entries need it. A packet is changed as text: our entries go in and come out again, and
 * every other byte stays as its writer has put it. Source: XMP specification part 1 (ISO 16684-1), 7: its RDF/XML.
 */

/** A property of the picture, as it stands in the packet's text. */
export interface Property {
  readonly namespace: string;
  readonly name: string;
  /** Left out where it is no plain text. */
  readonly value?: string;
  /** Where it stands, an element or an attribute with the space before it. */
  readonly from: number;
  readonly until: number;
}

interface Description {
  readonly from: number;
  readonly until: number;
  readonly properties: readonly Property[];
}

/** A packet taken apart. Positions count UTF-16 units of `text`. */
export interface Packet {
  readonly text: string;
  readonly descriptions: readonly Description[];
  /** What the packet is about, as it is written: the same in all of its descriptions. */
  readonly about: string;
  /** Where another description goes. */
  readonly end: number;
}

const rdf = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
/** A packet of more bytes is not looked at: what we add to is small, and pictures within packets are not. */
const mostBytes = 1024 * 1024;
const mostDepth = 64;

/** Takes a packet apart; undefined where it is no well-formed RDF in UTF-8 that one could add to. */
export function readPacket(bytes: Uint8Array): Packet | undefined {
  if (bytes.length > mostBytes) return undefined;
  const text = decoded(bytes);
  return text === undefined ? undefined : new Reader(text).read();
}

/** A packet without some of its properties. */
export function withoutProperties(packet: Packet, isUnwanted: (property: Property) => boolean): string {
  const cuts: { readonly from: number; readonly until: number }[] = [];
  for (const description of packet.descriptions) {
    const unwanted = description.properties.filter(isUnwanted);
    // One that held nothing else goes with them.
    if (unwanted.length > 0 && unwanted.length === description.properties.length) cuts.push(description);
    else cuts.push(...unwanted);
  }
  let [text, at] = ['', 0];
  for (const { from, until } of cuts.toSorted((one, other) => one.from - other.from)) {
    text += packet.text.slice(at, from);
    at = until;
  }
  return text + packet.text.slice(at);
}

/** Properties as a description of its own, which needs nothing of what stands around it. Values are plain text. */
export function describing(about: string, properties: readonly (readonly [string, string, string])[]): string {
  const namespaces = [...new Set(properties.map(([namespace]) => namespace))];
  const prefixOf = (namespace: string) => prefixes[namespace] ?? `ns${namespaces.indexOf(namespace)}`;
  const declared = namespaces.map((namespace) => ` xmlns:${prefixOf(namespace)}="${escaped(namespace)}"`).join('');
  const entries = properties.map(([namespace, name, value]) => {
    const tag = `${prefixOf(namespace)}:${name}`;
    return `<${tag}>${escaped(value)}</${tag}>`;
  });
  // It is written already, and may have stood between other quotes.
  const same = about.replaceAll('"', '&quot;');
  return `<rdf:Description rdf:about="${same}" xmlns:rdf="${rdf}"${declared}>${entries.join('')}</rdf:Description>`;
}

/** A packet around one description. */
export function newPacket(toolkit: string, description: string): string {
  const marker = String.fromCharCode(0xfeff);
  return (
    `<?xpacket begin="${marker}" id="W5M0MpCehiHzreSzNTczkc9d"?>` +
    `<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="${escaped(toolkit)}">` +
    `<rdf:RDF xmlns:rdf="${rdf}">${description}</rdf:RDF></x:xmpmeta><?xpacket end="w"?>`
  );
}

/** The namespaces whose prefixes readers expect. */
const prefixes: Readonly<Record<string, string>> = {
  'http://iptc.org/std/Iptc4xmpExt/2008-02-29/': 'Iptc4xmpExt',
  'urn:wan-image-studio:recipe:': 'wanImage',
};

interface Attribute {
  readonly name: string;
  /** As it is written. */
  readonly value: string;
  readonly from: number;
  readonly until: number;
}

interface Open {
  readonly name: string;
  readonly namespace: string;
  readonly local: string;
  readonly scope: ReadonlyMap<string, string>;
  readonly from: number;
  /** Where its content begins. */
  readonly inside: number;
  readonly attributes: readonly Attribute[];
  hasElements: boolean;
}

const startTag = /<([^\s/>!?=<]+)((?:\s+[^\s=<>"'/]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
const attribute = /\s+([^\s=<>"'/]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g;
const endTag = /<\/([^\s/>!?=<]+)\s*>/y;

/** Walks a packet once, from its start to its end. */
class Reader {
  readonly #text: string;
  readonly #open: Open[] = [];
  readonly #descriptions: Description[] = [];
  #properties: Property[] = [];
  #about: string | undefined;
  #end: number | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Packet | undefined {
    let at = this.#text.indexOf('<');
    while (at >= 0) {
      const next = this.#step(at);
      if (next === undefined) return undefined;
      at = this.#text.indexOf('<', next);
    }
    if (this.#open.length > 0 || this.#end === undefined) return undefined;
    return { text: this.#text, descriptions: this.#descriptions, about: this.#about ?? '', end: this.#end };
  }

  /** Takes in what begins at a `<` and answers where it ends; undefined where that is no well-formed XML. */
  #step(at: number): number | undefined {
    if (this.#text.startsWith('<!--', at)) return this.#behind('-->', at + 4);
    if (this.#text.startsWith('<?', at)) return this.#behind('?>', at + 2);
    if (this.#text.startsWith('<![CDATA[', at)) return this.#behind(']]>', at + 9);
    // Also where it declares a document type, which may say what anything means.
    return this.#text.startsWith('</', at) ? this.#close(at) : this.#start(at);
  }

  #behind(mark: string, from: number): number | undefined {
    const found = this.#text.indexOf(mark, from);
    return found < 0 ? undefined : found + mark.length;
  }

  #start(at: number): number | undefined {
    startTag.lastIndex = at;
    const [whole, name, written = '', slash] = startTag.exec(this.#text) ?? [];
    if (whole === undefined || name === undefined || this.#open.length >= mostDepth) return undefined;
    const attributes = [...written.matchAll(attribute)].map((found): Attribute => {
      const from = at + 1 + name.length + found.index;
      return { name: found[1] ?? '', value: found[2] ?? found[3] ?? '', from, until: from + found[0].length };
    });
    const outer = this.#open.at(-1);
    if (outer) outer.hasElements = true;
    const scope = scopeOf(attributes, outer?.scope ?? new Map([['xml', 'http://www.w3.org/XML/1998/namespace']]));
    const [namespace, local] = resolved(name, scope, true);
    if (namespace === undefined) return undefined;
    const inside = at + whole.length;
    const element: Open = { name, namespace, local, scope, from: at, inside, attributes, hasElements: false };
    if (isDescription(element, outer) && !this.#describe(element)) return undefined;
    if (slash === '/') {
      this.#finish(element, inside, inside);
      return inside;
    }
    this.#open.push(element);
    return inside;
  }

  #close(at: number): number | undefined {
    endTag.lastIndex = at;
    const [whole, name] = endTag.exec(this.#text) ?? [];
    const element = this.#open.pop();
    if (whole === undefined || !element || element.name !== name) return undefined;
    this.#finish(element, at, at + whole.length);
    return at + whole.length;
  }

  /** A description's attributes are properties, but for those that say what it is about. */
  #describe({ attributes, scope }: Open): boolean {
    this.#properties = [];
    for (const { name, value, from, until } of attributes) {
      if (name === 'xmlns' || name.startsWith('xmlns:') || name.startsWith('xml:')) continue;
      const [namespace, local] = resolved(name, scope, false);
      if (namespace === undefined) return false;
      if (namespace !== rdf) this.#properties.push({ namespace, name: local, value: plain(value), from, until });
      else if (local === 'about') this.#about ??= value;
    }
    return true;
  }

  #finish(element: Open, contentEnd: number, until: number): void {
    const { from, namespace, local, inside } = element;
    const outer = this.#open.at(-1);
    if (isRdf(element)) this.#end = this.#end ?? (contentEnd < until ? contentEnd : undefined);
    else if (isDescription(element, outer)) this.#descriptions.push({ from, until, properties: this.#properties });
    else if (outer && isDescription(outer, this.#open.at(-2))) {
      const content = this.#text.slice(inside, contentEnd);
      const isPlain = !element.hasElements && !content.includes('<');
      const resource = element.attributes.find(({ name }) => resolved(name, element.scope, false)[0] === rdf)?.value;
      const value = content === '' ? plain(resource ?? '') : plain(content);
      this.#properties.push({ namespace, name: local, ...(isPlain && { value }), from, until });
    }
  }
}

const isRdf = ({ namespace, local }: Open): boolean => namespace === rdf && local === 'RDF';

const isDescription = ({ namespace, local }: Open, outer: Open | undefined): boolean =>
  namespace === rdf && local === 'Description' && outer !== undefined && isRdf(outer);

function scopeOf(attributes: readonly Attribute[], outer: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const own = attributes.filter(({ name }) => name === 'xmlns' || name.startsWith('xmlns:'));
  if (own.length === 0) return outer;
  return new Map([...outer, ...own.map(({ name, value }) => [name.slice(6), plain(value)] as const)]);
}

/** A name's namespace, undefined where its prefix is not declared, and what stands behind the prefix. */
function resolved(
  name: string,
  scope: ReadonlyMap<string, string>,
  isElement: boolean,
): readonly [string | undefined, string] {
  const colon = name.indexOf(':');
  if (colon < 0) return [isElement ? (scope.get('') ?? '') : '', name];
  return [scope.get(name.slice(0, colon)), name.slice(colon + 1)];
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** A written text as it is meant. What is no reference stays as it is. */
function plain(written: string): string {
  return written.replaceAll(/&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z]+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return named[name as string] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex as string, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** A text as XML takes it: characters that it has no place for are left out. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#xD;');
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined; // In UTF-16, which is allowed and seldom, or in nothing at all.
  }
}
