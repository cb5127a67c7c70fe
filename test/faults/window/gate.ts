import { appendFileSync, copyFileSync, existsSync, fstatSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What an operation does to the disk. */
export type Kind = 'create' | 'write' | 'sync' | 'name' | 'remove' | 'touch' | 'read';

/** What happens to which operations of a window; they are counted from 1 as they begin, reading apart from the rest. */
export interface DiskFault {
  /**
   * `kill-before` and `kill-after` end the process there, `tear` ends it when half of a write has been done, `error`
   * lets the operations fail.
   */
  readonly what: 'kill-before' | 'kill-after' | 'tear' | 'error';
  readonly at: number;
  /** How many operations fail; null: all from there on. */
  readonly count: number | null;
  /** What fails; operations of other kinds pass. */
  readonly kinds: readonly Kind[];
  /** Such as ENOSPC. */
  readonly code: string;
}

/** One operation that was done, for whoever plays the loss of power. */
export interface Done {
  readonly kind: Kind;
  readonly file: string;
  /** The second name of `name`. */
  readonly to?: string;
  readonly isMove?: boolean;
  readonly inode?: number;
  /** A copy of what was replaced or removed. */
  readonly shadow?: string;
}

interface Passing {
  readonly kind: Kind;
  readonly file: string;
  readonly to?: string;
  readonly isMove?: boolean;
  /** An open file, for its inode. */
  readonly descriptor?: number;
  /** Does half of it. */
  readonly half?: () => Promise<unknown>;
}

/**
 * Through here goes every operation on files below the folder of a run. What happens in other folders, such as a run
 * before this one, is let through and not counted.
 */
class Gate {
  #root = '';
  #fault: DiskFault | undefined;
  #isRecording = false;
  #durable = 0;
  #reads = 0;
  #shadows = 0;

  begin(root: string, fault: DiskFault | undefined, isRecording: boolean): void {
    this.#root = root;
    this.#fault = fault;
    this.#isRecording = isRecording;
    this.#durable = 0;
    this.#reads = 0;
  }

  /** How many operations other than reading have begun. */
  get steps(): number {
    return this.#durable;
  }

  async pass<T>(passing: Passing, perform: () => Promise<T>): Promise<T> {
    if (this.#root === '' || !passing.file.startsWith(this.#root)) return perform();
    const number = passing.kind === 'read' ? ++this.#reads : ++this.#durable;
    const fault = this.#fault && strikes(this.#fault, passing.kind, number) ? this.#fault.what : undefined;
    if (fault === 'kill-before') return await end();
    if (fault === 'error') throw diskError(this.#fault?.code ?? 'EIO', passing);
    if (fault === 'tear') {
      await passing.half?.();
      return await end();
    }
    const shadow = this.#isRecording ? this.#shadowOf(passing) : undefined;
    const made = this.#isRecording && passing.kind === 'create' ? missingOf(passing.file) : [];
    const result = await perform();
    if (this.#isRecording && passing.kind === 'create') for (const file of made) this.#record({ kind: 'create', file });
    else if (this.#isRecording && passing.kind !== 'read') this.#record(passing, shadow);
    if (fault === 'kill-after') return await end();
    return result;
  }

  #shadowOf({ kind, file, to, isMove }: Passing): string | undefined {
    const lost = kind === 'remove' ? file : kind === 'name' && isMove ? to : undefined;
    if (lost === undefined || !existsSync(lost)) return undefined;
    const folder = join(this.#root, 'shadows');
    mkdirSync(folder, { recursive: true });
    const shadow = join(folder, `${process.pid}-${++this.#shadows}`);
    copyFileSync(lost, shadow);
    return shadow;
  }

  #record({ kind, file, to, isMove, descriptor }: Passing, shadow?: string): void {
    const inode = descriptor === undefined ? inodeOf(kind, file) : fstatSync(descriptor).ino;
    const done: Done = {
      kind,
      file,
      ...(to !== undefined && { to }),
      ...(isMove !== undefined && { isMove }),
      ...(inode !== undefined && { inode }),
      ...(shadow !== undefined && { shadow }),
    };
    appendFileSync(join(this.#root, 'done.jsonl'), `${JSON.stringify(done)}\n`);
  }
}

/** Module state, since the modules that stand in for `node:fs` have no other way to reach it; one process is one window. */
export const gate = new Gate();

function strikes({ what, at, count, kinds }: DiskFault, kind: Kind, number: number): boolean {
  const isRead = kind === 'read';
  if (what !== 'error') return !isRead && number === at;
  return kinds.includes(kind) && number >= at && (count === null || number < at + count);
}

/** The process ends here, as by the task manager: nothing of it runs any more. */
async function end(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return await new Promise<never>(() => undefined);
}

function diskError(code: string, { kind, file }: Passing): Error {
  const numbers: Record<string, number> = { ENOSPC: -28, EROFS: -30, EACCES: -13, EIO: -5, EMFILE: -24 };
  return Object.assign(new Error(`${code}: by the plan of this run, ${kind} '${file}'`), {
    code,
    errno: numbers[code] ?? -5,
    syscall: kind,
    path: file,
  });
}

/** What has to be made so that there is such a file or folder, from the top down. */
function missingOf(file: string): string[] {
  return existsSync(file) ? [] : [...missingOf(dirname(file)), file];
}

function inodeOf(kind: Kind, file: string): number | undefined {
  if (kind !== 'write' && kind !== 'create' && kind !== 'sync') return undefined;
  return existsSync(file) && existsSync(dirname(file)) ? statSync(file).ino : undefined;
}
