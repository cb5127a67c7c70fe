import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type FrameLocator, type Locator, type Page } from '@playwright/test';
import { resultsDirectory } from '../rig/places.ts';

/** A VS Code window in the browser, in the words of who sits in front of it. */
export class Code {
  readonly page: Page;
  /** The folder that the window shows; undefined where it shows none. */
  readonly folder: string | undefined;
  readonly #settingsFile: string;
  /** The user's settings before a test changed them. */
  #settingsBefore: string | undefined;

  constructor(page: Page, options: { readonly folder: string | undefined; readonly settingsFile: string }) {
    this.page = page;
    this.folder = options.folder;
    this.#settingsFile = options.settingsFile;
  }

  /** Waits until the window can be used. */
  async loaded(): Promise<void> {
    await this.page.locator('.monaco-workbench .part.statusbar .statusbar-item').first().waitFor({ timeout: 60_000 });
    if (this.folder !== undefined) {
      await this.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: 60_000 });
    }
  }

  /** Loads the window anew, as a user does by F5. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.loaded();
  }

  /** Picks a command in the palette. The palette lists what is registered when it opens, so it is reopened until ours is there. */
  async run(title: string): Promise<void> {
    await expect(async () => {
      await this.#openPalette(title);
      await expect(this.row(title)).toBeVisible({ timeout: 1000 });
    }).toPass({ timeout: 60_000, intervals: [100] });
    await this.row(title).click();
  }

  /** Whether the palette offers a command now; false only after it has offered other commands for the same words, or none. */
  async offers(title: string): Promise<boolean> {
    await this.#openPalette(title);
    const rows = this.page.locator('.quick-input-list .monaco-list-row');
    await expect(rows.first()).toBeVisible();
    const isOffered = await rows.filter({ hasText: title }).first().isVisible();
    await this.page.keyboard.press('Escape');
    return isOffered;
  }

  async #openPalette(words: string): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.page.keyboard.press('F1');
    await expect(this.input()).toBeVisible({ timeout: 1000 });
    await this.input().fill(`>${words}`);
  }

  /** The text field of the palette, of an input box or of a file dialog. */
  input(): Locator {
    return this.page
      .locator('.quick-input-widget input[type="text"], .quick-input-widget input[type="password"]')
      .first();
  }

  /** A row of a quick pick. */
  row(text: string | RegExp): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
  }

  /** Chooses a row of a quick pick. */
  async pick(text: string | RegExp): Promise<void> {
    await this.row(text).click();
  }

  /** Answers the input box whose title or prompt holds `about`. */
  async answer(about: string | RegExp, text: string): Promise<void> {
    await expect(this.page.locator('.quick-input-widget', { hasText: about })).toBeVisible();
    await this.input().fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** Answers VS Code's file dialog with a whole path. It fills in its own folder a moment after it opens: type only after that. */
  async answerFileDialog(title: string, path: string): Promise<void> {
    const dialog = this.page.locator('.quick-input-widget', { hasText: title });
    await expect(dialog).toBeVisible();
    await expect(this.input()).toHaveValue(/\//);
    await expect(dialog.locator('.monaco-list-row').first()).toBeVisible();
    await expect(async () => {
      if (await dialog.isVisible()) {
        await this.input().fill(path);
        await expect(this.input()).toHaveValue(path, { timeout: 300 });
        await this.page.keyboard.press('Enter');
      }
      await expect(dialog).toBeHidden({ timeout: 1000 });
    }).toPass({ timeout: 15_000, intervals: [100] });
  }

  /** A message in the corner. It hides after some seconds, and at most three show: look for it at once. */
  toast(text: string | RegExp): Locator {
    return this.page.locator('.notification-toast', { hasText: text });
  }

  /** Presses a button of a message in the corner. */
  async pressInToast(text: string | RegExp, button: string): Promise<void> {
    await this.toast(text).getByRole('button', { name: button, exact: true }).click();
  }

  /** The dialog that holds everything else up. */
  modal(text: string | RegExp): Locator {
    return this.page.locator('.monaco-dialog-box', { hasText: text });
  }

  async pressInModal(text: string | RegExp, button: string): Promise<void> {
    await this.modal(text).getByRole('button', { name: button, exact: true }).click();
  }

  /** The document inside the webview that is on top. The first one of a window takes about 3 s to appear. */
  webview(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  }

  /** A row of the explorer. */
  file(name: string): Locator {
    return this.page.locator('.explorer-folders-view .monaco-list-row').filter({
      has: this.page.locator('.label-name', { hasText: new RegExp(`^${escaped(name)}$`) }),
    });
  }

  /** An editor's tab. */
  tab(name: string | RegExp): Locator {
    return this.page.locator('.tabs-container .tab', { hasText: name });
  }

  /**
   * Opens a file of the workspace in an editor through the Explorer, with the cursor at a line and a column, both counted
   * from 1. (Old releases have no file search in this rig.)
   */
  async open(path: string, line = 1, column = 1): Promise<void> {
    const parts = path.split('/');
    const name = parts.at(-1) ?? path;
    for (const folder of parts.slice(0, -1)) {
      await expect(async () => {
        if ((await this.file(folder).getAttribute('aria-expanded')) !== 'true') await this.file(folder).click();
        await expect(this.file(folder)).toHaveAttribute('aria-expanded', 'true', { timeout: 1000 });
      }).toPass({ timeout: 10_000, intervals: [100] });
    }
    await this.file(name).dblclick();
    await expect(this.tab(name)).toBeVisible();
    await expect(async () => {
      await this.#openPalette('');
      await this.input().fill(`:${line}:${column}`);
      await this.page.keyboard.press('Enter');
      await expect(this.cursorPosition()).toHaveText(new RegExp(`Ln ${line}, Col `), { timeout: 1000 });
    }).toPass({ timeout: 20_000, intervals: [100] });
  }

  /** "Ln 3, Col 1" of the status bar. */
  cursorPosition(): Locator {
    return this.page.locator('.statusbar-item', { hasText: /Ln \d+, Col \d+/ });
  }

  /** Types at the cursor of the active editor, by pasting: keys would be helped along by completion and closing brackets. */
  async typeInEditor(text: string): Promise<void> {
    await this.#focusEditor();
    await this.#paste(text);
  }

  async #paste(text: string): Promise<void> {
    await this.page.evaluate((value) => navigator.clipboard.writeText(value), text);
    await this.page.keyboard.press('ControlOrMeta+KeyV');
  }

  /** Leaves the cursor where it is. */
  async #focusEditor(): Promise<void> {
    const focused = this.page.locator('.editor-group-container.active .monaco-editor.focused');
    if (!(await focused.isVisible())) await this.page.keyboard.press('ControlOrMeta+Digit1');
    await expect(focused).toBeVisible();
  }

  /** The lines of the active editor that are on the screen. */
  editorLines(): Locator {
    return this.page.locator('.editor-group-container.active .monaco-editor .view-lines');
  }

  /** The whole text of the active editor. */
  async wholeEditor(): Promise<string> {
    await this.#focusEditor();
    await this.page.keyboard.press('ControlOrMeta+KeyA');
    await this.page.keyboard.press('ControlOrMeta+KeyC');
    return this.page.evaluate(() => navigator.clipboard.readText());
  }

  /** Saves the active editor and waits until it counts as saved. */
  async saveEditor(): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+KeyS');
    await expect(this.page.locator('.editor-group-container.active .tab.active.dirty')).toHaveCount(0);
  }

  /** Picks an entry of the context menu of `on`. A menu ignores the mouse for its first 100 ms: click until it has closed. */
  async menu(on: Locator, entry: string): Promise<void> {
    const item = await this.openMenu(on, entry);
    await expect(item).toBeVisible();
    await expect(async () => {
      if (await item.isVisible()) await item.click({ timeout: 1000 });
      await expect(item).toBeHidden({ timeout: 500 });
    }).toPass({ timeout: 10_000, intervals: [150] });
  }

  /** Opens the context menu of `on` and returns an entry of it, which may be hidden because the menu lacks it. */
  async openMenu(on: Locator, entry: string): Promise<Locator> {
    await on.click({ button: 'right' });
    await expect(this.page.locator('.monaco-menu').first()).toBeVisible();
    return this.page.getByRole('menuitem', { name: entry, exact: true });
  }

  /** What an output channel shows; the channel must be in front. */
  output(): Locator {
    return this.page.locator('.part.panel .view-lines');
  }

  /**
   * Changes settings of the user, by hand in the editor: VS Code in the browser does not notice when somebody else writes
   * their file. `reset` puts them back.
   */
  async changeSettings(change: Readonly<Record<string, unknown>>): Promise<void> {
    const before = readFileSync(this.#settingsFile, 'utf8');
    this.#settingsBefore ??= before;
    await this.#writeSettings({ ...(JSON.parse(before) as object), ...change });
  }

  async #writeSettings(settings: object): Promise<void> {
    await this.run('Preferences: Open User Settings (JSON)');
    await expect(this.tab('settings.json')).toBeVisible();
    // The editor may still be loading its text when it is already in front: then "select all" selects too little.
    await expect(async () => {
      await this.#focusEditor();
      await this.page.keyboard.press('ControlOrMeta+KeyA');
      const text = JSON.stringify(settings);
      await this.#paste(text);
      // What is saved before the text is there would leave it unsaved, and the editor would then ask when it is closed.
      await expect(this.cursorPosition()).toHaveText(`Ln 1, Col ${text.length + 1}`, { timeout: 3000 });
      await this.saveEditor();
      await expect.poll(() => readFileSync(this.#settingsFile, 'utf8'), { timeout: 3000 }).toBe(text);
    }).toPass({ timeout: 30_000, intervals: [100] });
    await this.run('View: Close Editor');
  }

  async #restoreSettings(): Promise<void> {
    if (this.#settingsBefore === undefined) return;
    await this.#writeSettings(JSON.parse(this.#settingsBefore) as object);
    this.#settingsBefore = undefined;
  }

  /** Puts the user's settings back on disk, for the windows that are opened after this one. */
  forgetSettings(): void {
    if (this.#settingsBefore !== undefined) writeFileSync(this.#settingsFile, this.#settingsBefore);
  }

  /** Puts the window back: no message, no editor, no half-answered question, the settings as they were. */
  async reset(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.run('Notifications: Clear All Notifications');
    await this.#closeAllEditors();
    await this.#restoreSettings();
  }

  async #closeAllEditors(): Promise<void> {
    await this.run('View: Close All Editors');
    const unsaved = this.page.locator('.monaco-dialog-box').getByRole('button', { name: "Don't Save" });
    await expect(async () => {
      if (await unsaved.isVisible()) await unsaved.click();
      await expect(this.page.locator('.tabs-container .tab')).toHaveCount(0, { timeout: 500 });
    }).toPass({ timeout: 10_000, intervals: [100] });
  }

  /** Keeps a picture of the window for somebody to look at, in .test-results/screens. */
  async screenshot(name: string): Promise<void> {
    const directory = join(resultsDirectory, 'screens');
    mkdirSync(directory, { recursive: true });
    await this.page.screenshot({ path: join(directory, `${name}.png`) });
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
