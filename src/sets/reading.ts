import {
  createScanner,
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import { mostOfSetFile, SetFile } from '../core/setFile.ts';
import { setFileProblems, type SetPath, type SetProblem } from '../core/setFileRules.ts';
import type * as z from 'zod/mini';

/** A part of the text, in UTF-16 units. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** A finding, and where it is in the text. */
export interface PlacedProblem extends SetProblem, Span {
  /** Said by the JSON schema too, where an editor goes by it. */
  readonly isAboutShape: boolean;
}

/** A set file as it was read. Without a `set` its shape is none, and the problems say why. */
export interface SetReading {
  readonly set: SetFile | undefined;
  readonly problems: readonly PlacedProblem[];
  /** Where something is; the nearest thing around it where it is not written down. */
  readonly spanOf: (path: SetPath) => Span;
}

/**
 * Reads the text of a set file, which anybody may have written.
 * @param folder of the file, as names from the workspace folder on
 */
export function readSetFile(text: string, folder: readonly string[]): SetReading {
  const whole = { offset: 0, length: text.length === 0 ? 0 : 1 };
  const refused = (code: SetProblem['code'], span: Span, args?: readonly string[]): SetReading => ({
    set: undefined,
    problems: [
      { code, path: [], severity: 'error', ...span, isAboutShape: code === 'set-not-json', ...(args && { args }) },
    ],
    spanOf: () => whole,
  });
  if (text.length > mostOfSetFile.text || isTooDeep(text)) return refused('set-too-large', whole);
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true });
  const [error] = errors;
  if (error || !root)
    return refused('set-not-json', error ?? whole, [error ? printParseErrorCode(error.error) : 'ValueExpected']);
  const spanOf = (path: SetPath): Span => spanIn(root, path);
  const parsed = SetFile.safeParse(getNodeValue(root));
  const found: (SetProblem & { isAboutShape: boolean })[] = parsed.success
    ? setFileProblems(parsed.data, folder).map((problem) => ({ ...problem, isAboutShape: false }))
    : parsed.error.issues.slice(0, mostTold).flatMap(shapeProblems);
  return {
    set: parsed.data,
    problems: found.slice(0, mostTold).map((problem) => ({ ...problem, ...spanOf(problem.path) })),
    spanOf,
  };
}

/** How many findings are told at once. */
const mostTold = 100;

function shapeProblems(issue: z.core.$ZodIssue): (SetProblem & { isAboutShape: true })[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  const told = (code: SetProblem['code'], at: SetPath) =>
    ({ code, path: at, severity: 'error', args: [nameOf(at)], isAboutShape: true }) as const;
  if (issue.code !== 'unrecognized_keys') return [told('set-wrong-value', path)];
  return issue.keys.slice(0, mostTold).map((key) => told('set-unknown-field', [...path, key]));
}

const nameOf = (path: SetPath): string => path.map(String).join('.').slice(0, 80) || 'set';

function spanIn(root: Node, path: SetPath): Span {
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node) return node;
  }
  // Not the whole file: its first sign stands for it.
  return { offset: root.offset, length: 1 };
}

/** Whether lists and objects lie inside each other more deeply than any set file's; a parser would go down there. */
export function isTooDeep(text: string): boolean {
  const scanner = createScanner(text);
  let depth = 0;
  for (let token: number = scanner.scan(); token !== endOfFile; token = scanner.scan()) {
    if (token === openBrace || token === openBracket) depth++;
    if (token === closeBrace || token === closeBracket) depth--;
    if (depth > mostOfSetFile.depth) return true;
  }
  return false;
}

// The numbers of jsonc-parser's SyntaxKind, which is a const enum that is not there at run time.
const [openBrace, closeBrace, openBracket, closeBracket, endOfFile] = [1, 2, 3, 4, 17];

/** Line and column of a place in a text, both from 1, as compilers count them. */
export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const lines = before.split(/\r\n|\r|\n/);
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}
