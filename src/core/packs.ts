/**
 * Packs of files that are made from one picture: what belongs to each, in which size, and what a page has to say so that
 * they are found. Data; `src/pixels/packs.ts` makes the files.
 */

export const packIds = ['favicon', 'apple-touch', 'pwa', 'social', 'vscode', 'light-dark'] as const;
export type PackId = (typeof packIds)[number];

/** One file of a pack. Sides in pixels. */
export interface PackFile {
  readonly name: string;
  readonly format: 'png' | 'jpeg' | 'ico';
  readonly width: number;
  readonly height: number;
  /** Square sizes within, of an ICO. */
  readonly sizes?: readonly number[];
  /**
   * `keep`: transparent where the picture is, and around it. `opaque`: on the colour of the picture's border, for places
   * that show what is transparent as black.
   */
  readonly background: 'keep' | 'opaque';
  /** An even border goes first, so that what the picture is of fills the few pixels that there are. */
  readonly trims: boolean;
  /** May be cut to any shape by whoever shows it; made smaller until what matters lies in the middle. */
  readonly isMaskable: boolean;
}

const usual = { background: 'keep', trims: false, isMaskable: false } as const;
const icon = (name: string, side: number, more: Partial<PackFile> = {}): PackFile => ({
  ...usual,
  name,
  format: 'png',
  width: side,
  height: side,
  ...more,
});

/** The sizes that a favicon.ico holds: a tab, a tab of a dense display, and a shortcut of Windows. */
const faviconSizes = [16, 32, 48] as const;

/**
 * The files of each pack; those of `light-dark` are the two pictures themselves.
 * Sources: HTML (rel=icon), Apple's Safari web content guide (180, no transparency), the Web App Manifest's purposes "any"
 * and "maskable", web.dev on installing (192 and 512), ogp.me, VS Code's extension manifest (a PNG of at least 128).
 */
export const packFiles: Readonly<Record<PackId, readonly PackFile[]>> = {
  favicon: [
    icon('favicon.ico', Math.max(...faviconSizes), { format: 'ico', sizes: faviconSizes, trims: true }),
    icon('icon-32.png', 32, { trims: true }),
  ],
  'apple-touch': [icon('apple-touch-icon.png', 180, { background: 'opaque' })],
  pwa: [
    icon('icon-192.png', 192),
    icon('icon-512.png', 512),
    icon('icon-maskable-512.png', 512, { background: 'opaque', isMaskable: true }),
  ],
  social: [{ ...usual, name: 'og-image.jpg', format: 'jpeg', width: 1200, height: 630, background: 'opaque' }],
  vscode: [icon('icon.png', 128)],
  'light-dark': [],
};

/** How a picture of another shape is brought into that of a file. */
export const shapings = ['striking', 'middle', 'whole'] as const;
/** `striking`: cut around what catches the eye. `middle`: cut to the middle. `whole`: nothing is cut, the border's colour fills up. */
export type Shaping = (typeof shapings)[number];

/** Radius of the circle that is shown of a maskable icon in any case, as a part of its side. Source: W3C, Web App Manifest, safe zone. */
export const safeRadius = 0.4;

/** A file that was made, as a page refers to it. */
export interface PlacedFile {
  /** The file of the pack that it is, by its own name. */
  readonly name: string;
  /** From the root of the site, with slashes and one before it, not escaped. The name in it may be another, where that was taken. */
  readonly path: string;
}

/** A light and a dark picture that take each other's place. Paths as of {@link PlacedFile}, or relative to the document. */
export interface PlacedPair {
  readonly light: string;
  readonly dark: string;
  readonly alt: string;
  readonly width: number;
  readonly height: number;
}

/** Crawlers want a whole address for a picture of social media, and which one a repository does not say. */
export const exampleSite = 'https://example.com';

/** What belongs into the head of a page, a line for each file that a page names. */
export function headSnippet(files: readonly PlacedFile[], manifest?: string): string {
  const lines = files.flatMap(({ name, path }) => headLines(name, hrefOf(path)));
  if (manifest !== undefined) lines.push(`<link rel="manifest" href="${hrefOf(manifest)}">`);
  return lines.join('\n');
}

function headLines(name: string, href: string): string[] {
  switch (name) {
    case 'favicon.ico':
      return [`<link rel="icon" href="${href}" sizes="${faviconSizes.map((side) => `${side}x${side}`).join(' ')}">`];
    case 'icon-32.png':
      return [`<link rel="icon" type="image/png" href="${href}" sizes="32x32">`];
    case 'apple-touch-icon.png':
      return [`<link rel="apple-touch-icon" href="${href}">`];
    case 'og-image.jpg':
      return [
        `<meta property="og:image" content="${exampleSite}${href}">`,
        '<meta property="og:image:width" content="1200">',
        '<meta property="og:image:height" content="630">',
        '<meta name="twitter:card" content="summary_large_image">',
      ];
    default:
      return [];
  }
}

/** The element that shows the dark picture where the reader's system is dark. */
export function pairSnippet({ light, dark, alt, width, height }: PlacedPair): string {
  return [
    '<picture>',
    `  <source media="(prefers-color-scheme: dark)" srcset="${hrefOf(dark)}">`,
    `  <img src="${hrefOf(light)}" alt="${escapeAttribute(alt)}" width="${width}" height="${height}">`,
    '</picture>',
  ].join('\n');
}

/** An entry of a web app manifest's `icons`. */
export interface ManifestIcon {
  readonly src: string;
  readonly sizes: string;
  readonly type: string;
  readonly purpose: 'any' | 'maskable';
}

/** The entries of a web app manifest for those of the files that belong there. */
export function manifestIcons(files: readonly PlacedFile[]): ManifestIcon[] {
  return files.flatMap(({ name, path }): ManifestIcon[] => {
    const file = packFiles.pwa.find((each) => each.name === name);
    if (!file) return [];
    const purpose = file.isMaskable ? 'maskable' : 'any';
    return [{ src: hrefOf(path), sizes: `${file.width}x${file.height}`, type: 'image/png', purpose }];
  });
}

/** A new web app manifest that browsers take for one that can be installed. */
export function newManifest(name: string, files: readonly PlacedFile[], colour: string): string {
  const manifest = {
    name,
    icons: manifestIcons(files),
    start_url: '/',
    display: 'standalone',
    background_color: colour,
    theme_color: colour,
  };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

/** An address that means the same in an attribute, in JSON and in a `srcset`. */
function hrefOf(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

/** Folders whose content is at a site's root when it is built, by the frameworks that have them. */
export const publicFolders = ['public', 'static', 'wwwroot', 'www', 'htdocs', 'site'] as const;

/**
 * Where a site has a folder of the workspace, without a slash at the end, where no configuration tells: the way from the
 * innermost folder that is usually a site's root, or else the root, since the folder itself was pointed at.
 */
export function usualWayInSite(folders: readonly string[]): string {
  const root = folders.findLastIndex((folder) => (publicFolders as readonly string[]).includes(folder.toLowerCase()));
  return root === -1
    ? ''
    : folders
        .slice(root + 1)
        .map((folder) => `/${folder}`)
        .join('');
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** What was measured of the icons, before anything is written. */
export interface PackMeasures {
  /** Of a maskable icon. */
  readonly maskable?: MaskableMeasure;
  /** Of the 16 pixel icon: {@link contrastMetric}, 1 to 21. */
  readonly contrast?: number;
}

/** How a maskable icon keeps to its safe zone. */
export type MaskableMeasure =
  /** `outside`: the part of what stands out of the background, 0 to 1, that lies outside the circle; `scale`: how much smaller the picture was made for it. */
  | { readonly kind: 'measured'; readonly outside: number; readonly scale: number }
  /** The picture's border has no one colour, so that nothing tells what matters from what does not. */
  | { readonly kind: 'no-background' };

/** Of what stands out, at most this part may lie outside the safe zone. */
export const mostOutside = 0.02;

/**
 * The contrast at 16 pixels is the contrast ratio of WCAG 2 between the background and the commonest colour that stands out
 * of it; of a transparent icon it is the lower of those to a white and to a dark tab. The least is what WCAG 2.2, 1.4.11,
 * asks for graphics.
 */
export const leastContrast = 3;
