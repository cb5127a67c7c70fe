import type { ImageFacts } from './imageFacts.ts';
import type { BboxForm } from './rules/rule.ts';

/** What can be changed while the simulator runs; all of it is plain JSON. */
export interface Behaviour {
  /** `asked`: the body's `sync` decides. `async` and `sync` answer that way whatever was asked. */
  answerMode: 'asked' | 'async' | 'sync';
  /** HTTP status of the asynchronous answer; the documents do not say which 2xx it is. */
  submitStatus: number;
  /** How `poll_url` is written; any other text is put before the path, for an address on another host. */
  pollUrl: 'relative' | 'absolute' | 'none' | (string & {});
  /** Whether pictures stand in `result.data` or in `data` of a finished job. */
  resultForm: 'result' | 'top';
  /** Whether a failed job's `error` is an object or a plain text. */
  errorForm: 'object' | 'string';
  /** Whether answers carry fields that no document names. */
  extraKeys: boolean;
  /** Milliseconds a job is queued, and then in work. */
  queueMs: number;
  renderMs: number;
  /** How long a finished job can be polled, and a result address works, in milliseconds. */
  keepMs: number;
  urlLifetimeMs: number;
  bboxForm: BboxForm;
  /** Forms of `bbox_list` that are accepted and then not looked at, so that the whole picture is edited. */
  bboxPassedOver: BboxForm;
  refuseInlineImages: boolean;
  /** Inline images and forms of boxes are refused by the provider: the request is accepted, and its job fails. */
  refusesLate: boolean;
  /** Fields of the model's page that are other than usual; null leaves one out. Null instead of an object: there is no page. */
  catalogue: Readonly<Record<string, unknown>> | null;
  /** The balance in an answer about usage: the name of its field (null: there is none), and how the amount is written. */
  balanceName: string | null;
  balanceForm: 'object' | 'number' | 'text';
  /** Largest body in bytes; null for no limit. */
  maxBodyBytes: number | null;
  /** Requests a minute for the whole account; null for no limit. */
  requestsPerMinute: number | null;
  /** Pictures in a set: null leaves it to the seed, which delivers one fewer now and then. */
  setDelivers: number | null;
  /** Largest difference in pixels between the size asked for and the size delivered; which difference depends on the seed. */
  pixelsOff: number;
  /** Dollars on the account at the start. */
  credit: number;
  /** Whether the account's list of past requests names the addresses of their pictures. */
  usageAddresses: boolean;
  /** Whether the account uses other models as well, which its list then shows. */
  usageOfOthers: boolean;
}

export interface SimulatorOptions extends Partial<Behaviour> {
  /** 0, the default, takes a free port. Only the loopback interface is listened on. */
  port?: number;
  /** Whether the control interface under `/__sim/` exists; default true. The shipped practice mode says false. */
  control?: boolean;
  /** Folder in which accepted jobs outlive the simulator. */
  stateFolder?: string;
  /** The file of `worker.ts`; pictures are drawn in a thread of it. Without it they are drawn in this thread. */
  drawWorker?: string | URL;
  /** Milliseconds since 1970; default the system's clock. */
  clock?: () => number;
  /** Told of every fault of the simulator itself; default: a line on the error stream. */
  onError?: (error: unknown) => void;
  /** What is behind an image address, which the simulator never fetches. */
  factsOfUrl?: (url: string) => ImageFacts | undefined;
}

export const defaultBehaviour: Readonly<Behaviour> = {
  answerMode: 'asked',
  submitStatus: 200,
  pollUrl: 'relative',
  resultForm: 'result',
  errorForm: 'object',
  extraKeys: false,
  queueMs: 150,
  renderMs: 350,
  keepMs: 3_600_000,
  urlLifetimeMs: 7 * 24 * 3_600_000,
  bboxForm: 'both',
  bboxPassedOver: 'none',
  refuseInlineImages: false,
  refusesLate: false,
  catalogue: {},
  balanceName: 'balance',
  balanceForm: 'object',
  maxBodyBytes: null,
  requestsPerMinute: null,
  setDelivers: null,
  pixelsOff: 0,
  credit: 1000,
  usageAddresses: true,
  usageOfOthers: false,
};

/** Takes the behaviour out of a JSON object. Throws RangeError for a name or a value that does not exist. */
export function readBehaviour(value: unknown): Partial<Behaviour> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new RangeError('options are a JSON object');
  for (const [name, given] of Object.entries(value)) {
    const isRight = isValid[name as keyof Behaviour];
    if (isRight === undefined || !Object.hasOwn(isValid, name)) throw new RangeError(`there is no option '${name}'`);
    if (!isRight(given)) throw new RangeError(`'${JSON.stringify(given)}' is not a value of '${name}'`);
  }
  return value;
}

type Check = (value: unknown) => boolean;

const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isNumberOrNull: Check = (value) => value === null || isNumber(value);
const isBoolean: Check = (value) => typeof value === 'boolean';
const isOneOf =
  (...allowed: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && allowed.includes(value);

const isValid: Readonly<Record<keyof Behaviour, Check>> = {
  answerMode: isOneOf('asked', 'async', 'sync'),
  submitStatus: (value) => isNumber(value) && Number(value) >= 200 && Number(value) < 300,
  pollUrl: (value) => typeof value === 'string',
  resultForm: isOneOf('result', 'top'),
  errorForm: isOneOf('object', 'string'),
  extraKeys: isBoolean,
  queueMs: isNumber,
  renderMs: isNumber,
  keepMs: isNumber,
  urlLifetimeMs: isNumber,
  bboxForm: isOneOf('literal', 'perImage', 'both', 'none'),
  bboxPassedOver: isOneOf('literal', 'perImage', 'both', 'none'),
  refuseInlineImages: isBoolean,
  refusesLate: isBoolean,
  catalogue: (value) => typeof value === 'object' && !Array.isArray(value),
  balanceName: (value) => value === null || typeof value === 'string',
  balanceForm: isOneOf('object', 'number', 'text'),
  maxBodyBytes: isNumberOrNull,
  requestsPerMinute: isNumberOrNull,
  setDelivers: isNumberOrNull,
  pixelsOff: isNumber,
  credit: isNumber,
  usageAddresses: isBoolean,
  usageOfOthers: isBoolean,
};
