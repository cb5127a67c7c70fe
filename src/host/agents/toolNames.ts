/** The tools for language models, in the order in which they are listed. Apart from what is said of them, since it is there from the start. */
export const toolNames = [
  'wanImage_generateImage',
  'wanImage_editRegion',
  'wanImage_generateSet',
  'wanImage_checkRequest',
  'wanImage_describeImage',
] as const;
export type ToolName = (typeof toolNames)[number];
