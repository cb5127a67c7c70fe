/** The variable in which the documents of the service keep a key. */
export const keyVariable = 'EMPIRIOLABS_API_KEY';

/** What the variable holds, or undefined where it is not set or blank. It may be no key at all: `keyFault` says. */
export function keyInEnvironment(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const text = environment[keyVariable];
  return text === undefined || text.trim() === '' ? undefined : text;
}
