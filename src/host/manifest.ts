import * as z from 'zod/mini';
import {
  CheckRequestInput,
  DescribeImageInput,
  EditRegionInput,
  GenerateImageInput,
  GenerateSetInput,
} from '../core/agentTools.ts';
import { type ToolName, toolNames } from './agents/toolNames.ts';
import { toolTable } from './agents/toolTable.ts';
import { type CommandEntry, commandTable } from './commandTable.ts';
import { type SettingEntry, settingKey, type SettingName, settings } from './settings.ts';

/**
 * The parts of package.json that follow from the tables of this room, and their texts for package.nls.json. Used by
 * `node test/rig/generate.ts`; the extension itself does not load this file.
 */
export interface ManifestParts {
  /** Fields of package.json, in the order in which they are written. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The texts behind %keys%, in English. */
  readonly texts: Readonly<Record<string, string>>;
}

/** The category that commands have in the palette. */
const category = 'Wan Image';

/** Everything in package.json that is made from the tables. */
export function manifestParts(): ManifestParts {
  const texts: Record<string, string> = {};
  const text = (key: string, english: string) => {
    texts[key] = english;
    return `%${key}%`;
  };
  const fields = {
    description: text(
      'description',
      'Make pictures with Wan2.7 Image and put them into your repository as files that belong there.',
    ),
    icon: 'media/icon.png',
    activationEvents: ['onStartupFinished', 'onWebviewPanel:wanImage.studio'],
    contributes: {
      commands: commands(text),
      menus: menus(),
      configuration: configuration(text),
      walkthroughs: [walkthrough(text)],
      languageModelTools: languageModelTools(text),
      // Made from core's schema by test/rig/generate.ts.
      jsonValidation: [{ fileMatch: '*.wanset.json', url: './media/wanset.schema.json' }],
    },
    capabilities: capabilities(text),
    l10n: './l10n',
  };
  return { fields, texts };
}

type Text = (key: string, english: string) => string;

function commandEntries(): [string, CommandEntry][] {
  return Object.entries(commandTable);
}

function commands(text: Text): unknown[] {
  return commandEntries().map(([command, { title, icon, when }]) => ({
    command,
    title: text(`command.${command}.title`, title),
    category: text('category', category),
    ...(icon === undefined ? {} : { icon }),
    ...(when === undefined ? {} : { enablement: when }),
  }));
}

function menus(): Record<string, unknown[]> {
  const result: Record<string, unknown[]> = {};
  const add = (menu: string, item: unknown) => (result[menu] ??= []).push(item);
  for (const [command, { when, menus: more }] of commandEntries()) {
    if (when !== undefined) add('commandPalette', { command, when });
    for (const { menu, group, when: further } of more ?? []) {
      const condition = [when, further].filter((part) => part !== undefined).join(' && ');
      add(menu, { command, group, ...(condition === '' ? {} : { when: condition }) });
    }
  }
  return result;
}

function settingEntries(): [SettingName, SettingEntry][] {
  return Object.entries(settings) as [SettingName, SettingEntry][];
}

function configuration(text: Text): unknown {
  const properties = settingEntries().map(([name, entry], order) => [
    settingKey(name),
    {
      order,
      scope: entry.scope,
      description: text(`setting.${name}`, entry.description),
      ...schemaOf(name, entry, text),
      default: entry.default,
    },
  ]);
  return { title: text('category', category), properties: Object.fromEntries(properties) };
}

function schemaOf(name: SettingName, entry: SettingEntry, text: Text): object {
  switch (entry.type) {
    case 'choice':
      return {
        type: 'string',
        enum: Object.keys(entry.choices),
        enumDescriptions: Object.entries(entry.choices).map(([choice, english]) =>
          text(`setting.${name}.${choice}`, english),
        ),
      };
    case 'text':
      return {
        type: 'string',
        ...(entry.pattern === undefined ? {} : { pattern: entry.pattern }),
        ...(entry.patternError === undefined
          ? {}
          : { patternErrorMessage: text(`setting.${name}.error`, entry.patternError) }),
      };
    case 'number':
      return { type: 'number', minimum: entry.minimum, maximum: entry.maximum };
  }
}

const toolInputs = {
  wanImage_generateImage: GenerateImageInput,
  wanImage_editRegion: EditRegionInput,
  wanImage_generateSet: GenerateSetInput,
  wanImage_checkRequest: CheckRequestInput,
  wanImage_describeImage: DescribeImageInput,
} as const satisfies Record<ToolName, z.ZodMiniType>;

/** Models read English whatever the window speaks, so what is for them stands here and not among the texts. */
function languageModelTools(text: Text): unknown[] {
  return toolNames.map((name) => {
    const { displayName, userDescription, referenceName, modelDescription, icon } = toolTable[name];
    const { $schema: _, ...inputSchema } = z.toJSONSchema(toolInputs[name], { target: 'draft-7' });
    return {
      name,
      displayName: text(`tool.${name}.title`, displayName),
      userDescription: text(`tool.${name}.description`, userDescription),
      modelDescription,
      toolReferenceName: referenceName,
      canBeReferencedInPrompt: true,
      icon,
      when: '!config.chat.disableAIFeatures',
      inputSchema,
    };
  });
}

function capabilities(text: Text): unknown {
  return {
    untrustedWorkspaces: {
      supported: 'limited',
      description: text(
        'capability.untrusted',
        'Pictures are made with your own settings. Settings of the folder are ignored until you trust it.',
      ),
      restrictedConfigurations: settingEntries().map(([name]) => settingKey(name)),
    },
    virtualWorkspaces: {
      supported: 'limited',
      description: text(
        'capability.virtual',
        'Pictures are saved where the file system of the workspace can be written; otherwise you choose a place.',
      ),
    },
  };
}

/** One page of the walkthrough: what it says, the button's command, and when it counts as done. */
const walkthroughSteps = [
  {
    id: 'practice',
    title: 'Try it without a key',
    description:
      'Practice mode draws placeholder pictures on this machine. It costs nothing and follows the rules of the real service.\n[Use Practice Mode](command:wanImage.usePractice)',
    page: 'practice.md',
    done: ['onSettingChanged:wanImage.service', 'onCommand:wanImage.usePractice'],
  },
  {
    id: 'generate',
    title: 'Make a picture',
    description:
      'Describe a picture, look at the highest price, and run it.\n[Generate Image](command:wanImage.generate)',
    page: 'generate.md',
    done: ['onCommand:wanImage.generate'],
  },
  {
    id: 'insert',
    title: 'Put it into a document',
    description:
      'In a Markdown file, a page, a component or a style sheet, put the cursor where the picture belongs and run "Wan Image: Generate and Insert Here". The picture is saved in your images folder, and the reference is written at the cursor.',
    page: 'insert.md',
    done: ['onCommand:wanImage.generateAndInsert'],
  },
  {
    id: 'edit',
    title: 'Edit a picture of your repository',
    description:
      'Right-click a picture in the Explorer and choose "Edit with Wan". Draw a box, say what should be in it, and let the result take the place of the file, with a way back.\n[Edit a Picture](command:wanImage.edit)',
    page: 'edit.md',
    done: ['onCommand:wanImage.edit'],
  },
  {
    id: 'key',
    title: 'Set your API key',
    description:
      'For real pictures you need a key from EmpirioLabs. It is kept in the secret storage of your editor.\n[Set API Key](command:wanImage.setKey)',
    page: 'key.md',
    done: ['onContext:wanImage.hasKey'],
  },
] as const;

function walkthrough(text: Text): unknown {
  return {
    id: 'start',
    title: text('walkthrough.title', 'Get started with Wan Image Studio'),
    description: text('walkthrough.description', 'From a sentence to a picture in your repository.'),
    steps: walkthroughSteps.map(({ id, title, description, page, done }) => ({
      id,
      title: text(`walkthrough.${id}.title`, title),
      description: text(`walkthrough.${id}.description`, description),
      media: { markdown: `media/walkthrough/${page}` },
      completionEvents: done,
    })),
  };
}

/** The settings as a Markdown table, for the README. */
export function settingsTable(): string {
  const rows = settingEntries().map(
    ([name, entry]) => `| \`${settingKey(name)}\` | \`${JSON.stringify(entry.default)}\` | ${describe(entry)} |`,
  );
  return ['| Setting | Default | What it does |', '| --- | --- | --- |', ...rows].join('\n');
}

function describe(entry: SettingEntry): string {
  const scope = entry.scope === 'application' ? ' Read from your own settings only.' : '';
  const choices =
    entry.type === 'choice'
      ? ` ${Object.entries(entry.choices)
          .map(([choice, words]) => `\`${choice}\`: ${words}`)
          .join(' ')}`
      : '';
  return `${entry.description}${choices}${scope}`.replaceAll('|', '\\|');
}
