/** Rules of core on which no verdict here can depend: what they find is a note or a warning, or they know more of the service than its page says. Each has its rows in test/core/ruleRows.ts. */
export const onlyTold: ReadonlyMap<string, string> = new Map([
  ['rule-07-thinking-with-images', 'ignored by the service'],
  ['rule-08-thinking-in-set', 'ignored by the service'],
  ['rule-09-thinking-needs-pro', 'ignored by the service'],
  ['rule-18-custom-size-unused', 'ignored by the service'],
  ['rule-20-custom-size-overrides', 'ignored by the service'],
  ['rule-26-ratio-of-edit', 'allowed'],
  ['rule-40-large-inline-answer', 'allowed'],
  ['rule-41-set-may-be-smaller', 'about the answer'],
  ['set-lines', 'a matter of the prompt'],
  ['inline-images-refused', 'only of a service that was found to refuse them'],
]);

/** Rules of the simulator that no request of ours can break, since the wire form cannot write such a body; wireDamage.test.ts breaks them. */
export const onlyOnTheWire: ReadonlyMap<string, string> = new Map([
  ['option-body-bytes', 'only with the option to refuse large bodies'],
  ['option-inline-images', 'only with the option to refuse inline images'],
  ['field-unknown', 'the wire form writes the documented fields'],
  ['rule-01-model', 'the wire form names the model'],
  ['rule-14-palette-string', 'the wire form writes text'],
  ['bbox-string', 'the wire form writes text'],
  ['bbox-json', 'the wire form writes lists of boxes'],
  ['rule-31-boxes-need-image', 'boxes belong to an image'],
  ['rule-32-boxes-length', 'boxes belong to an image'],
]);
