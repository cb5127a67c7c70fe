import { insertLanguages } from '../core/references/languages.ts';

/**
 * Every command, once. The manifest's commands and menus are generated from here (`node test/rig/generate.ts`), and the
 * composition root must bring a handler for each.
 */

export interface CommandEntry {
  /** In the palette it follows the category "Wan Image". */
  readonly title: string;
  readonly icon?: string;
  /** When the command can do its work; it is hidden from the palette and disabled in menus otherwise. */
  readonly when?: string;
  /** Menus beside the palette: where, in which group, and a condition beyond `when`. */
  readonly menus?: readonly { readonly menu: string; readonly group: string; readonly when?: string }[];
}

const canInsert = `editorLangId =~ /^(${Object.keys(insertLanguages).join('|')})$/ && !editorReadonly && resourceScheme != output`;
const hasReferences =
  'editorLangId =~ /^(markdown|mdx|html|vue|svelte|astro|javascript|javascriptreact|typescript|typescriptreact|css|scss|less)$/ && resourceScheme != output';
const isPictureFile = 'resourceExtname =~ /\\.(png|jpe?g|webp|bmp|gif|tiff?|avif|svg)$/i';
const mayHaveRecipe = 'resourceExtname =~ /\\.(png|jpe?g|webp)$/i || resourceFilename =~ /\\.wan\\.json$/i';
const isPreview = 'activeCustomEditorId == imagePreview.previewEditor';
const isPractice = "config.wanImage.service == 'simulator'";

const isSetFile = 'resourceFilename =~ /.\\.wanset\\.json$/i';

export const commandTable = {
  'wanImage.generate': { title: 'Generate Image', icon: '$(sparkle)' },
  'wanImage.generateAndInsert': {
    title: 'Generate and Insert Here',
    when: canInsert,
    menus: [{ menu: 'editor/context', group: '1_modification@9', when: 'editorTextFocus' }],
  },
  // Also where there is no model: asking whether there is wakes whoever brings models, so it is asked when it is pressed.
  'wanImage.draftAlt': { title: 'Draft Alt Text from the Picture…', when: canInsert },
  'wanImage.generateMissing': { title: 'Generate Missing Pictures of This File', when: hasReferences },
  'wanImage.fillMissing': {
    title: 'Fill Missing Pictures of This File with Placeholders',
    when: hasReferences,
  },
  'wanImage.edit': {
    title: 'Edit with Wan',
    icon: '$(sparkle)',
    menus: [
      { menu: 'explorer/context', group: '4_wanImage', when: `${isPictureFile} && !explorerResourceIsFolder` },
      { menu: 'editor/title/context', group: '4_wanImage', when: isPictureFile },
      { menu: 'editor/title', group: 'navigation', when: `${isPreview} && ${isPictureFile}` },
      { menu: 'webview/context', group: '4_wanImage', when: "webviewId == 'imagePreview.previewEditor'" },
    ],
  },
  'wanImage.makePacks': {
    title: 'Make Icons and Social Pictures…',
    menus: [{ menu: 'explorer/context', group: '4_wanImage@5', when: `${isPictureFile} && !explorerResourceIsFolder` }],
  },
  'wanImage.undoPacks': { title: 'Undo Last Icons', when: 'wanImage.canUndoPacks' },
  'wanImage.cutOut': {
    title: 'Cut Out Background…',
    menus: [{ menu: 'explorer/context', group: '4_wanImage@6', when: `${isPictureFile} && !explorerResourceIsFolder` }],
  },
  'wanImage.openRecipe': {
    title: 'Open Recipe',
    menus: [
      { menu: 'explorer/context', group: '4_wanImage@2', when: `(${mayHaveRecipe}) && !explorerResourceIsFolder` },
      { menu: 'editor/title', group: '1_wanImage@1', when: `${isPreview} && (${mayHaveRecipe})` },
      { menu: 'editor/title/context', group: '4_wanImage@2', when: mayHaveRecipe },
    ],
  },
  'wanImage.runRecipe': {
    title: 'Run Recipe Again…',
    menus: [
      { menu: 'explorer/context', group: '4_wanImage@3', when: `(${mayHaveRecipe}) && !explorerResourceIsFolder` },
    ],
  },
  'wanImage.stripForRelease': {
    title: 'Strip for Release…',
    menus: [{ menu: 'explorer/context', group: '4_wanImage@4', when: `explorerResourceIsFolder || ${mayHaveRecipe}` }],
  },
  'wanImage.undoReplace': { title: 'Undo Replace', when: 'wanImage.canUndoReplace' },
  'wanImage.openStudio': { title: 'Open Studio', icon: '$(paintcan)' },
  'wanImage.showHistory': { title: 'Show History', icon: '$(history)' },
  'wanImage.generateSetMissing': {
    title: 'Generate Missing Pictures of a Set File',
    menus: [{ menu: 'explorer/context', group: '4_wanImage', when: isSetFile }],
  },
  'wanImage.generateSetChanged': { title: 'Regenerate Changed Pictures of a Set File' },
  'wanImage.generateSetPicture': { title: 'Generate One Picture of a Set File…' },
  'wanImage.keepSetPicture': { title: 'Keep a Picture of a Set File as It Is…' },
  'wanImage.renameSetFiles': { title: 'Rename Files of a Set File to Its Names' },
  'wanImage.fillWithPlaceholders': {
    title: 'Fill a Set File with Placeholders',
    menus: [{ menu: 'explorer/context', group: '4_wanImage', when: isSetFile }],
  },
  'wanImage.makePlaceholdersReal': { title: 'Make Placeholders Real…' },
  'wanImage.setKey': { title: 'Set API Key' },
  'wanImage.testKey': { title: 'Test API Key', when: 'wanImage.hasKey' },
  'wanImage.deleteKey': { title: 'Delete API Key', when: 'wanImage.hasKey' },
  'wanImage.deleteStored': { title: 'Delete Stored Data…' },
  'wanImage.usePractice': { title: 'Use Practice Mode', when: `!(${isPractice})` },
  'wanImage.leavePractice': { title: 'Leave Practice Mode', when: isPractice },
  'wanImage.showSpending': { title: 'Show Spending' },
  'wanImage.exportSpending': { title: 'Export Spending…' },
  'wanImage.checkService': { title: 'Check Service' },
  'wanImage.forgetCheck': { title: 'Forget Service Check' },
  'wanImage.showLog': { title: 'Show Log' },
  'wanImage.reportProblem': { title: 'Report a Problem' },
} as const satisfies Record<string, CommandEntry>;

export type CommandId = keyof typeof commandTable;
