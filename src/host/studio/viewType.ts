/** The name under which VS Code restores the studio after a reload. */
export const studioViewType = 'wanImage.studio';
