import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** What one room may import. */
interface Room {
  /** Rooms whose modules it may use. */
  readonly rooms: readonly string[];
  /** Rooms of which it may import types alone. */
  readonly typesOf?: readonly string[];
  /** Packages and built-in modules, each as the beginning of a specifier's whole path. */
  readonly packages: readonly string[];
  readonly node?: true;
}

/** The import table of the design: folder names to what may be imported there. */
export const rooms: Readonly<Record<string, Room>> = {
  'src/core': { rooms: [], packages: ['zod/mini'] },
  'src/pixels': { rooms: ['src/core'], packages: ['zod/mini', 'wasm-vips'], node: true },
  'src/service': { rooms: ['src/core'], packages: ['zod/mini', 'undici'], node: true },
  'src/jobs': { rooms: ['src/core', 'src/service', 'src/pixels'], packages: ['zod/mini'], node: true },
  'src/simulator': { rooms: ['src/pixels'], typesOf: ['src/core'], packages: [], node: true },
  'src/sets': { rooms: ['src/core', 'src/pixels'], packages: ['zod/mini', 'jsonc-parser'], node: true },
  'src/host': {
    rooms: ['src/core', 'src/pixels', 'src/service', 'src/jobs', 'src/simulator', 'src/sets'],
    // VS Code patches its proxy into `https`, not into `node:https`. `jsonc-parser` edits manifests where they stand.
    packages: ['zod/mini', 'vscode', 'https', 'jsonc-parser'],
    node: true,
  },
  'webview-ui': { rooms: ['src/core'], packages: ['zod/mini', 'preact'] },
};

/** An import as it stands in a file. */
interface Import {
  readonly specifier: string;
  readonly isType: boolean;
}

/** Every import, re-export and dynamic import of a module's source. */
export function importsOf(source: string): Import[] {
  const code = withoutComments(source);
  const statements = /(?:^|[;}\n])\s*(?:import|export)(\s+type\b)?\s*(?:[\w$*\s{},]+?\sfrom\s*)?(['"])([^'"\n]+)\2/g;
  const calls = /\b(?:import|require)\s*\(\s*(['"`])([^'"`\n]+)\1/g;
  return [
    ...[...code.matchAll(statements)].map(([text, type, , specifier = '']) => ({
      specifier,
      isType: type !== undefined || bringsTypesOnly(text),
    })),
    ...[...code.matchAll(calls)].map(([, , specifier = '']) => ({ specifier, isType: false })),
  ];
}

/** `import { type A, type B } from` brings nothing at run time either. */
function bringsTypesOnly(statement: string): boolean {
  const names = /\{([^}]*)\}/.exec(statement)?.[1]?.split(',') ?? [];
  const meant = names.map((name) => name.trim()).filter(Boolean);
  return meant.length > 0 && meant.every((name) => name.startsWith('type '));
}

function withoutComments(source: string): string {
  return source.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|[\s;{}])\/\/.*$/gm, '$1');
}

/** A sentence for each import in `file` (a path from the top, with slashes) that its room's row does not allow. */
export function brokenFences(file: string, source: string): string[] {
  const room = roomOf(file);
  const row = room === undefined ? undefined : rooms[room];
  if (room === undefined || row === undefined) return [];
  return importsOf(source)
    .filter((each) => !allowed(each, file, room, row))
    .map(({ specifier, isType }) => `${file} imports ${isType ? 'types of ' : ''}${specifier}, which ${room} may not.`);
}

function allowed({ specifier, isType }: Import, file: string, room: string, row: Room): boolean {
  if (!specifier.startsWith('.')) {
    return row.packages.includes(specifier) || (row.node === true && specifier.startsWith('node:'));
  }
  const target = roomOf(posix.join(posix.dirname(file), specifier));
  if (target === room) return true;
  return target !== undefined && (row.rooms.includes(target) || (isType && (row.typesOf ?? []).includes(target)));
}

function roomOf(path: string): string | undefined {
  return Object.keys(rooms).find((room) => path.startsWith(`${room}/`));
}

/** The broken fences of every source file below `top`. */
export function brokenFencesBelow(top: string): string[] {
  const files = Object.keys(rooms)
    .filter((room) => existsSync(join(top, room)))
    .flatMap((room) => globSync(`${room}/**/*.{ts,tsx}`, { cwd: top }));
  return files
    .map((file) => file.replaceAll('\\', '/'))
    .flatMap((file) => brokenFences(file, readFileSync(join(top, file), 'utf8')));
}
