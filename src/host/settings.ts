import { type BoxForm, modelCard, type Resolution, type ResponseFormat, type Variant } from '../core/modelCard.ts';

/**
 * Every setting, once. The manifest, its texts and the README's table are generated from here (`node test/rig/generate.ts`),
 * and the reader takes its types from here. All are restricted: a folder that is not trusted cannot set any of them.
 */

/** Where a value may come from: `application` only from the user's own settings, the others from a workspace as well. */
type SettingScope = 'application' | 'window' | 'resource';

interface Common {
  readonly scope: SettingScope;
  /** Shown in the settings editor and in the README. */
  readonly description: string;
}

export type SettingEntry = Common &
  (
    | { readonly type: 'choice'; readonly default: string; readonly choices: Readonly<Record<string, string>> }
    | { readonly type: 'text'; readonly default: string; readonly pattern?: string; readonly patternError?: string }
    | {
        readonly type: 'number';
        readonly default: number;
        readonly minimum: number;
        readonly maximum: number;
        readonly unit: string;
        /** True where a workspace can only lower what the user has set. */
        readonly canOnlyBeLowered?: true;
      }
  );

const price = modelCard.price;
const dollars = (mills: number) => `$${(mills / 1000).toFixed(3)}`;

/** What settings about the most that may be spent have in common. */
const cap = {
  type: 'number',
  scope: 'resource',
  minimum: 0,
  maximum: 1000,
  unit: 'US dollars',
  canOnlyBeLowered: true,
} as const;
const onlyLower = 'A workspace can only lower your own value.';

export const settings = {
  service: {
    type: 'choice',
    scope: 'application',
    default: 'empiriolabs',
    choices: {
      empiriolabs: 'The EmpirioLabs service. Needs an API key, and every picture costs money.',
      simulator:
        'Practice mode: a stand-in on this machine that draws placeholder pictures. Free, without a key and without the internet.',
    },
    description: 'Which service makes the pictures.',
  },
  serviceUrl: {
    type: 'text',
    scope: 'application',
    default: modelCard.defaultServiceUrl,
    pattern: '^(https://[^\\s?#@]+|http://(localhost|127\\.0\\.0\\.1|\\[::1\\])(:\\d+)?(/[^\\s?#@]*)?)$',
    patternError: 'Write an https address without user name, ? or #. A plain http address works for this machine only.',
    description: 'Address of the EmpirioLabs service. Your API key is sent to this address and to no other.',
  },
  confirmAbove: {
    ...cap,
    default: 0.3,
    maximum: 100,
    description: `Ask before a request that can cost more than this, in US dollars. 0 asks before every request that costs money. ${onlyLower}`,
  },
  dailyLimit: {
    ...cap,
    default: 10,
    description: `The most that the requests of one day may cost together, in US dollars, over all workspaces and windows. A request that can cost more than is left is not sent. ${onlyLower}`,
  },
  workspaceDailyLimit: {
    ...cap,
    default: 10,
    description: `The most that the requests of one day may cost together in one workspace, in US dollars. ${onlyLower}`,
  },
  agentDailyLimit: {
    ...cap,
    default: 1,
    description: `The most that the requests of agents and other extensions may cost together in one day, in US dollars, over all workspaces. They count towards the other limits as well. ${onlyLower}`,
  },
  defaultModel: {
    type: 'choice',
    scope: 'application',
    default: 'wan2.7-image-pro',
    choices: {
      'wan2.7-image-pro': `Pro, ${dollars(price['wan2.7-image-pro'])} a picture. Has 4K and thinking.`,
      'wan2.7-image': `Standard, ${dollars(price['wan2.7-image'])} a picture.`,
    } satisfies Record<Variant, string>,
    description: 'The model that a new form starts with.',
  },
  defaultResolution: {
    type: 'choice',
    scope: 'window',
    default: '2K',
    choices: {
      '1K': 'About 1 megapixel.',
      '2K': 'About 4 megapixels.',
      '4K': 'About 16 megapixels. Pro model, new single pictures only.',
    } satisfies Record<Resolution, string>,
    description: 'The resolution that a new form starts with.',
  },
  saveFolder: {
    type: 'text',
    scope: 'resource',
    default: 'images',
    pattern: '^(?![/\\\\~])(?!.*(^|[/\\\\])\\.\\.([/\\\\]|$))(?![A-Za-z]:)[^\\u0000-\\u001f]*$',
    patternError: 'Write a folder inside the workspace folder, such as docs/images.',
    description:
      'Folder that pictures are saved in, relative to the workspace folder. It is made when it does not exist. Empty means the workspace folder itself.',
  },
  boxForm: {
    type: 'choice',
    scope: 'application',
    default: 'auto',
    choices: {
      auto: 'The form of the model page for one image with one box, the form per image otherwise; or the form that Check Service has found to work.',
      literal: 'Always the form of the model page. It knows one image with one box.',
      perImage: 'Always one list of boxes for each image.',
    } satisfies Record<BoxForm, string>,
    description: 'How boxes are written in a request. Change this only when edits land in the wrong place.',
  },
  storageLimit: {
    type: 'number',
    scope: 'application',
    default: 5120,
    minimum: 0,
    maximum: 10_000_000,
    unit: 'megabytes',
    description:
      'How much the pictures and requests that are kept on this machine may take, in megabytes, over all workspaces. Above it you are told and offered a clean-up; nothing is deleted by itself. 0 means no limit.',
  },
  missingPictures: {
    type: 'choice',
    scope: 'resource',
    default: 'report',
    choices: {
      report: 'Shown as problems, with a fix that generates them.',
      ignore: 'Not shown as problems. The fix is offered all the same where the cursor is on such a reference.',
    },
    description:
      'References to pictures that do not exist, in HTML, JSX, CSS, Vue, Svelte and Astro files. Markdown has a check of its own in VS Code.',
  },
  codeLens: {
    type: 'choice',
    scope: 'resource',
    default: 'missing',
    choices: {
      missing: 'Above references to pictures that do not exist.',
      all: 'Above every reference to a picture of the project.',
      off: 'Nowhere.',
    },
    description: 'Where a line is shown that generates or edits the picture that a document refers to.',
  },
  responseFormat: {
    type: 'choice',
    scope: 'application',
    default: 'url',
    choices: {
      url: 'The answer holds addresses that the pictures are downloaded from.',
      b64_json: 'The answer holds the pictures themselves. For networks that cannot reach the download addresses.',
    } satisfies Record<ResponseFormat, string>,
    description: 'How pictures come back from the service.',
  },
  recipe: {
    type: 'choice',
    scope: 'resource',
    default: 'mark',
    choices: {
      full: 'The mark, and the recipe: prompt, options, seed, model, boxes, and which pictures of the workspace folder were sent along. Whoever has the file can read it.',
      mark: 'That the picture is made by AI, and by which model, in the IPTC fields that other tools read.',
      none: 'Nothing: the file is exactly what the service has sent.',
    },
    description: 'What a saved picture says of how it was made.',
  },
  recipePlace: {
    type: 'choice',
    scope: 'resource',
    default: 'embedded',
    choices: {
      embedded: 'In the picture (PNG, JPEG, WebP); beside it where the format has no place for it.',
      beside: 'In a file of its own beside the picture, such as fox.png.wan.json.',
    },
    description: 'Where a full recipe is kept.',
  },
} as const satisfies Record<string, SettingEntry>;

export type SettingName = keyof typeof settings;

/** The type of a setting's value: its choices as a union, else text or number. */
export type SettingValue<Name extends SettingName> = (typeof settings)[Name] extends { choices: infer Choices }
  ? keyof Choices & string
  : (typeof settings)[Name]['default'] extends number
    ? number
    : string;

/** The name under which VS Code knows a setting. */
export const settingKey = (name: SettingName): string => `wanImage.${name}`;

/** The value if it is one that the setting can have. A hand-written settings file can hold anything. */
export function validValue<Name extends SettingName>(name: Name, value: unknown): SettingValue<Name> | undefined {
  const entry: SettingEntry = settings[name];
  if (!fits(entry, value)) return undefined;
  return value as SettingValue<Name>;
}

function fits(entry: SettingEntry, value: unknown): boolean {
  switch (entry.type) {
    case 'choice':
      return typeof value === 'string' && Object.hasOwn(entry.choices, value);
    case 'number':
      return typeof value === 'number' && value >= entry.minimum && value <= entry.maximum;
    case 'text':
      // Text is checked where it is used, so that a wrong address or folder is told instead of replaced by the default.
      return typeof value === 'string';
  }
}

/** Settings that a workspace can only lower. */
export type CapName = {
  [Name in SettingName]: (typeof settings)[Name] extends { canOnlyBeLowered: true } ? Name : never;
}[SettingName];

/**
 * The value of a setting that a workspace can only lower: the user's own or, where that is none, the default, and the
 * lowest valid one of what workspace and folders say beside it.
 */
export function loweredValue(name: CapName, own: unknown, others: readonly unknown[]): number {
  const values = [validValue(name, own) ?? settings[name].default, ...others.map((other) => validValue(name, other))];
  return Math.min(...values.filter((value) => value !== undefined));
}

/** US dollars in thousandths of a dollar, never more than they are. */
export function millsOf(dollars: number): number {
  // 1.005 * 1000 is 1004.9999999999999.
  return Math.floor(dollars * 1000 + 1e-6);
}

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * The service address without a trailing slash, or undefined where it is none that a key may be sent to: https, or http
 * on this machine, without credentials, query and fragment.
 */
export function parseServiceUrl(text: string): string | undefined {
  if (!URL.canParse(text.trim())) return undefined;
  const url = new URL(text.trim());
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && loopbackHosts.has(url.hostname));
  if (!isSafe || url.username || url.password || url.search || url.hash) return undefined;
  return (url.origin + url.pathname).replace(/\/+$/, '');
}

/** The address of a simulator that runs already, if it is on this machine. */
export function parseSimulatorUrl(text: string | undefined): string | undefined {
  const url = text === undefined ? undefined : parseServiceUrl(text);
  return url !== undefined && url.startsWith('http://') ? url : undefined;
}
