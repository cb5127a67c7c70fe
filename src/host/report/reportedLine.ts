import { constants } from 'node:os';
import { failureKinds } from '../../core/failure.ts';
import { PanelMessage } from '../../core/messages.ts';
import { commandTable } from '../commandTable.ts';
import type { RecentLine } from '../recentLines.ts';
import { logSentences } from './logSentences.ts';

/**
 * Lines of the log as a report may hold them. Nothing is taken out of them, since nobody can know every private word;
 * they are made anew from what is known to be harmless: our own sentences, kinds of failures, codes of errors, places in
 * our own scripts. All else is a "…".
 */
export function reportedLine({ at, level, line, error }: RecentLine): string {
  const facts = error === undefined ? [] : errorFacts(error);
  const tail = facts.length === 0 ? '' : ` (${facts.join(', ')})`;
  return `${moment(at)} ${level}: ${ownWords(line)}${tail}`;
}

/** A time as it is written in a report. `at` is in milliseconds since 1970. */
export const moment = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** The id of a request as a service makes them; one of any other form could be a text that the service says back. */
export function plainRequestId(id: string | undefined): string | undefined {
  const isPlain = /^(req[_-][0-9a-f]{8,32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i.test(id ?? '');
  return isPlain ? id : undefined;
}

export const isStatus = (status: number | undefined): status is number =>
  status !== undefined && Number.isInteger(status) && status >= 100 && status <= 599;

/** What is filled into a sentence of the log, and may be anything. */
const gap = '{}';

/** Sentences that consist of gaps nearly alone, and so are not in the list. */
const shortSentences = ['GET {}: {}', 'POST {}: {}'];

interface Pattern {
  readonly pieces: readonly string[];
  readonly pattern: RegExp;
}

const patterns: readonly Pattern[] = [...logSentences, ...shortSentences]
  .toSorted((one, other) => other.length - one.length) // what says more is tried first
  .map((sentence) => {
    const pieces = sentence.split(gap);
    return { pieces, pattern: new RegExp(`^${pieces.map(escaped).join('([^]*?)')}$`) };
  });

function ownWords(line: string): string {
  for (const { pieces, pattern } of patterns) {
    const match = pattern.exec(line);
    if (match) return pieces.map((piece, index) => (index === 0 ? '' : harmless(match[index] ?? '')) + piece).join('');
  }
  return '…';
}

/** Kinds of pictures', saving's and inserting's errors; those of the service are in `failureKinds`. */
const otherKinds = [
  'gone',
  'empty',
  'not-a-picture',
  'unsupported',
  'truncated',
  'corrupt',
  'too-large',
  'too-long',
  'outside',
  'not-allowed',
  'engine',
  'no-space',
  'read-only',
  'not-a-folder',
  'bad-folder',
  'name-too-long',
  'bad-name',
  'changed',
  'lost',
  'elsewhere',
  'language',
  'refused',
];

const panelMessages = PanelMessage.def.options.map(({ shape }) => shape.type.def.values[0]);

const endpoint = /^\/v1\/(images\/generations|account\/usage|jobs|models)(?=$|[/?])/;

const harmlessWhole = new Set([...failureKinds, ...otherKinds, ...panelMessages, ...Object.keys(commandTable)]);

const startsWithKind = new RegExp(`^(${failureKinds.join('|')})(?=$|[ ,:.])`);

/** As much of what was filled in as says nothing about anybody. */
function harmless(filled: string): string {
  if (harmlessWhole.has(filled) || isStatus(Number(filled))) return filled;
  const place = endpoint.exec(filled)?.[0];
  if (place !== undefined) return place === filled ? place : `${place}…`;
  const kind = startsWithKind.exec(filled)?.[0];
  if (kind === undefined) return '…';
  const rest = filled.slice(kind.length);
  const status = Number(/^(?: \(HTTP |, status )(\d{3})\b/.exec(rest)?.[1]);
  const id = plainRequestId(/^(?:, status \d{3})?, request ([^\s,]+)/.exec(rest)?.[1]);
  const parts = [kind, isStatus(status) ? `status ${status}` : '', id === undefined ? '' : `request ${id}`];
  return parts.filter(Boolean).join(', ');
}

/** Names, codes and places of an error in words, without its message. */
function errorFacts(words: string): string[] {
  const tokens = words.split(/[^\w$-]+/);
  const named = tokens.filter((token) => errorNames.has(token) || errorCodes.has(token));
  const places = words.matchAll(/\b(extension|app|service|pixels|simulator)\.cjs:(\d{1,6}):(\d{1,7})(?!\d)/g);
  const frames = [...places].slice(0, 6).map(([place]) => place);
  return [...new Set([...named, ...frames])];
}

const errorNames = new Set([
  'Error',
  'TypeError',
  'RangeError',
  'SyntaxError',
  'ReferenceError',
  'AggregateError',
  'AbortError',
  'FileSystemError',
  'ServiceError',
  'StorageError',
  'SourceError',
  'SaveError',
  'LimitError',
  'InsertError',
  'PixelError',
]);

const errorCodes = new Set([
  ...Object.keys(constants.errno),
  'ENOTFOUND',
  'EAI_AGAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_ABORTED',
  'FileNotFound',
  'FileExists',
  'NoPermissions',
  'Unavailable',
]);

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
