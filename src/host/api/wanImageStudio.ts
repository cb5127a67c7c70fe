/**
 * What Wan Image Studio offers to other extensions. Types alone: copy this file into your extension.
 *
 * ```ts
 * const studio = vscode.extensions.getExtension<WanImageStudio>('wan-image-studio.wan-image-studio');
 * const api = await studio?.activate();
 * if (api?.apiVersion === 1) {
 *   const made = await api.generate({ prompt: 'A lighthouse at dusk', path: 'images/hero.webp' }, { caller: 'me.my-extension' });
 *   if (made.kind === 'problems') for (const { field, sentence } of made.problems) console.warn(field, sentence);
 * }
 * ```
 *
 * Every call that can cost money asks the person first, naming the caller, the price and the files. It counts towards the
 * limit for agents and other extensions, which no number of calls, windows or extensions gets around. Nothing is ever
 * overwritten. The same call of the same caller is one job for as long as its files are unsaved or stand where they were
 * asked for: making it again after a crash pays nothing.
 */

/** The members of version 1 stay as they are; new ones may come. Another number means that some have changed. */
export interface WanImageStudio {
  readonly apiVersion: 1;
  /** Checks a call without making it. Free; sends nothing, asks nothing. */
  preflight(request: CheckedRequest, options: CallOptions): Promise<Preflight>;
  /** Makes pictures from words and saves them. Rejects with a {@link WanImageError}. */
  generate(request: GenerateRequest, options: CallOptions): Promise<Made | NotMade>;
  /** Edits a picture of the workspace, in boxes or all of it, and saves the result as a new file. Rejects with a {@link WanImageError}. */
  edit(request: EditRequest, options: CallOptions): Promise<Made | NotMade>;
  /** Makes pictures that belong together and saves them as numbered files. Rejects with a {@link WanImageError}. */
  generateSet(request: SetRequest, options: CallOptions): Promise<Made | NotMade>;
  /** Fires once in each window that knows of it when a job of an agent or an extension has failed or has become files, also long after its caller gave up. */
  readonly onDidFinish: ApiEvent<Finished>;
}

/** The same as VS Code's `Event`. */
export type ApiEvent<Value> = (
  listener: (value: Value) => unknown,
  thisArgs?: unknown,
  disposables?: { dispose(): unknown }[],
) => { dispose(): void };

export interface CallOptions {
  /** The id of your extension, `publisher.name`. It must be installed and active; people are shown its name. */
  readonly caller: string;
  /** Ends the waiting. A request that was sent is billed all the same, and its picture comes into the history. */
  readonly signal?: AbortSignal;
}

export interface GenerateRequest {
  /** Up to 5,000 characters. */
  readonly prompt: string;
  /** From the workspace folder on with forward slashes, or absolute; ends in .png, .jpg, .webp or .avif. Nothing may be there. */
  readonly path: string;
  /** 1 to 4, each paid for; further files get -2 and so on before their ending. Default: 1. */
  readonly count?: number;
  /** Default: pro. */
  readonly model?: 'pro' | 'standard';
  /** Default: 16:9. */
  readonly ratio?: '16:9' | '1:1' | '9:16' | '3:2' | '2:3' | '4:3' | '3:4' | '5:4' | '4:5';
  /** 4K only with pro. Default: 2K. */
  readonly resolution?: '1K' | '2K' | '4K';
  /** Pixels, instead of ratio and resolution. */
  readonly size?: { readonly width: number; readonly height: number };
  /** Three to ten colours as #RRGGBB. */
  readonly palette?: readonly string[];
  /** Pro only. Default: true. */
  readonly thinking?: boolean;
  /** 0 to 2147483647. */
  readonly seed?: number;
}

export interface EditRequest {
  /** A picture of the workspace. It stays as it is. */
  readonly image: string;
  readonly prompt: string;
  /** As in {@link GenerateRequest.path}. */
  readonly path: string;
  /** Up to two, in whole pixels of the picture as it is seen upright, from its top left; x2 and y2 are the first pixels outside. */
  readonly boxes?: readonly {
    readonly x1: number;
    readonly y1: number;
    readonly x2: number;
    readonly y2: number;
    readonly label?: string;
  }[];
  /** With boxes: false saves all of the answer, and not the picture with the answer in its boxes alone. Default: true. */
  readonly keepOutside?: boolean;
  /** Up to eight further pictures of the workspace, sent before it. */
  readonly references?: readonly string[];
  readonly model?: 'pro' | 'standard';
  readonly ratio?: GenerateRequest['ratio'];
  readonly resolution?: '1K' | '2K';
  readonly seed?: number;
}

export interface SetRequest {
  /** What all pictures have in common. */
  readonly prompt: string;
  /** Each picture in a line, 2 to 12. The service may make fewer. */
  readonly pictures: readonly string[];
  /** As in {@link GenerateRequest.path}; `.` is the workspace folder. */
  readonly folder: string;
  /** `step` gives step-1.png and so on. */
  readonly name: string;
  /** Default: png. */
  readonly format?: 'png' | 'jpeg' | 'webp';
  readonly model?: 'pro' | 'standard';
  readonly ratio?: GenerateRequest['ratio'];
  readonly resolution?: '1K' | '2K';
  readonly seed?: number;
}

/** Exactly one of them. */
export interface CheckedRequest {
  readonly generate?: GenerateRequest;
  readonly edit?: EditRequest;
  readonly generateSet?: SetRequest;
}

export interface Problem {
  /** Stays the same in every language. */
  readonly code: string;
  /** Of the request, deeper places with dots; empty for all of it. */
  readonly field: string;
  /** An error keeps the call from being made. */
  readonly severity: 'error' | 'warning' | 'note';
  /** In the language of the window. */
  readonly sentence: string;
  /** What would remove it, in words. */
  readonly fix?: string;
}

export interface Preflight {
  readonly canRun: boolean;
  /** US dollars, the most it can cost; 0 in practice mode, left out where nobody can say. */
  readonly highestPrice?: number;
  /** Pictures would be placeholders that are drawn on this machine. */
  readonly isPractice: boolean;
  readonly targets: readonly {
    readonly absolutePath: string;
    readonly relativePath: string;
    readonly exists: boolean;
  }[];
  readonly problems: readonly Problem[];
}

export interface Made {
  readonly kind: 'made';
  readonly jobId: string;
  readonly pictures: readonly MadePicture[];
  /** US dollars; left out where nobody can say. */
  readonly cost?: number;
  readonly isPractice: boolean;
  /** The same call had been made before: nothing was paid again. */
  readonly wasMadeBefore: boolean;
  /** Pictures that were asked for and did not come. */
  readonly missing: number;
}

export interface MadePicture {
  readonly absolutePath: string;
  readonly relativePath: string;
  /** Read from the file: pixels, such as "webp", and bytes. */
  readonly width: number;
  readonly height: number;
  readonly format: string;
  readonly byteLength: number;
  /** After an edit in boxes. */
  readonly outside?: Outside;
}

/** What a picture has outside the boxes of its edit. */
export interface Outside {
  /** `same`: every pixel as before; `nearly`: as before but for what compression changes; `answer`: what the service has made. */
  readonly is: 'same' | 'nearly' | 'answer';
  /** The same in words, and why it is not as before. In the language of the window. */
  readonly sentence: string;
}

/** Nothing was sent and nothing was bought. */
export interface NotMade {
  readonly kind: 'problems';
  readonly problems: readonly Problem[];
}

/** What calls reject with. Its message says what happened and what to do next, in the language of the window. */
export interface WanImageError extends Error {
  readonly name: 'AgentError';
  /** Pictures may exist or may have been paid for: do not ask for them again before a person has looked. */
  readonly mayExist: boolean;
}

export interface Finished {
  readonly jobId: string;
  /** The id of the extension that asked; left out where an agent did. */
  readonly caller?: string;
  readonly state: 'done' | 'failed';
  /** The files, as URIs. */
  readonly files: readonly string[];
}
