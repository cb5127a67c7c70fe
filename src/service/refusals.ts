import type { FailureKind } from '../core/failure.ts';

/** What an error answer says of itself, whatever its envelope. Empty where it says nothing. */
export interface Refusal {
  readonly code: string;
  readonly type: string;
  readonly message: string;
  /** The request field it names. */
  readonly param: string;
  readonly requestId: string;
  /** It is called an error, by an envelope or a code; without that it is a mere message. */
  readonly isError: boolean;
}

/** What was asked when the refusal came. */
export interface Asked {
  readonly what: 'submit' | 'poll' | 'account';
  /** The request carried images as data URIs. */
  readonly carriesInline: boolean;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads an error out of a JSON value: an OpenAI- or Anthropic-like envelope, an error that is a mere string, a DashScope
 * answer with code and message, or a list of complaints. Source: the service dossier, section 1.5.
 */
export function refusalOf(json: unknown): Refusal | undefined {
  if (!isObject(json)) return undefined;
  const error = json['error'];
  const inner = isObject(error) ? error : {};
  const complaints = Array.isArray(json['detail']) ? json['detail'].filter(isObject) : [];
  const message = firstText(
    inner['message'],
    error,
    json['message'],
    json['detail'],
    inner['detail'],
    complaints.map((complaint) => textOf(complaint['msg'])).join('; '),
  );
  const hasError = error !== undefined && error !== null && error !== false;
  const code = firstText(inner['code'], json['code'], json['error_code']);
  const refusal = {
    isError: hasError || code !== '',
    code,
    type: firstText(inner['type'], json['type']),
    message,
    param: firstText(
      inner['param'],
      json['param'],
      complaints.flatMap((complaint) => complaint['loc']).find((step) => typeof step === 'string' && step !== 'body'),
    ),
    requestId: firstText(json['request_id'], inner['request_id']),
  };
  return refusal.isError || message !== '' ? refusal : undefined;
}

/** The kind of a call that ended with this status; the refusal is missing where the body was no JSON. */
export function kindOfAnswer(status: number, refusal: Refusal | undefined, asked: Asked): FailureKind {
  if (status >= 300 && status < 400) return 'unexpected';
  const account = status < 500 ? kindOfAccount(status, refusal) : undefined;
  if (account) return account;
  if (asked.what === 'submit' && refusal) {
    const refused = kindOfRequest(status, refusal, asked.carriesInline);
    if (refused) return refused;
  }
  if (status === 413) return asked.carriesInline ? 'inline-image-refused' : 'bad-request';
  if (status >= 500 || status === 408 || status === 425 || names(refusal, 'model_unavailable')) return 'unavailable';
  if (status >= 400) return refusal ? 'bad-request' : 'unexpected';
  return 'unexpected';
}

/**
 * The kind of a job that has failed. Its error may be the provider's own words to the service, so a key or a credit in it
 * is the service's, never the user's.
 */
export function kindOfFailedJob(refusal: Refusal | undefined, carriesInline: boolean): FailureKind {
  if (!refusal) return 'nothing-delivered';
  const refused = kindOfRequest(undefined, refusal, carriesInline);
  if (refused) return refused;
  const isTrouble =
    /upstream_error|unavailable|internal_?error|time(d )?_?out|throttling|limitrequests|api_?key|arrearage|quota/i.test(
      wordsOf(refusal),
    );
  return isTrouble ? 'unavailable' : 'nothing-delivered';
}

/** One line for the log and the details. */
export function detailOf(refusal: Refusal): string {
  const code = refusal.code || refusal.type;
  if (refusal.message === '') return code;
  return code === '' || refusal.message.includes(code) ? refusal.message : `${code}: ${refusal.message}`;
}

function kindOfAccount(status: number, refusal: Refusal | undefined): FailureKind | undefined {
  if (names(refusal, 'missing_api_key')) return 'key-missing';
  if (status === 401 || names(refusal, 'invalid_api_key', 'invalidapikey', 'authentication_error'))
    return 'key-refused';
  if (status === 402 || names(refusal, 'insufficient_credits', 'insufficient_quota', 'arrearage')) return 'no-credit';
  if (status === 429 || names(refusal, 'rate_limit_exceeded', 'rate_limit_error')) return 'busy';
  return undefined;
}

/** Kinds that say what is wrong with the request itself, by the words of the service or of the provider behind it. */
function kindOfRequest(status: number | undefined, refusal: Refusal, carriesInline: boolean): FailureKind | undefined {
  const words = wordsOf(refusal);
  // The provider says "data inspection" also when it could not fetch an image: that is no judgement of its content.
  const isFetchFailure = /unable to download|failed to (download|fetch)|download(ing)? .{0,40}(failed|timed out)/i.test(
    words,
  );
  if (!isFetchFailure && contentPattern.test(words)) return 'content-refused';
  if (carriesInline && isImageRefusal(status, refusal, isFetchFailure)) return 'inline-image-refused';
  if (isFetchFailure || /\bInvalid(Parameter|URL|Image|File)/.test(words)) return 'bad-request';
  return undefined;
}

const contentPattern =
  /data_?inspection|inappropriate[ _-]content|ip_?infringement|content_?polic|content_?filter|moderation_blocked|sensitive content/i;

function isImageRefusal(status: number | undefined, refusal: Refusal, isFetchFailure: boolean): boolean {
  if (status === 413 || isFetchFailure) return true;
  const isProviders = status === undefined || status >= 500;
  if (isProviders) return /\bInvalid(Image|URL|File)/.test(wordsOf(refusal));
  if (![200, 400, 415, 422].includes(status)) return false;
  if (refusal.param !== '') return /^(image|images|body|input)\b/i.test(refusal.param);
  // "bbox_list needs one entry per image" is about the boxes, not about the image.
  if (
    /\b(bbox_list|color_palette|prompt|num_images(_set)?|seed|custom_(width|height)|resolution|aspect_ratio|model(_variant)?|enable_sequential)\b/i.test(
      refusal.message,
    )
  )
    return false;
  return /\bimages?\b|\bdata:|\bdata[ -]?ur[il]|base64|\burls?\b|\buri\b|(body|payload|entity|request) (is )?too large|too_large|InvalidImage/i.test(
    wordsOf(refusal),
  );
}

function names(refusal: Refusal | undefined, ...codes: readonly string[]): boolean {
  return (
    refusal !== undefined && (codes.includes(refusal.code.toLowerCase()) || codes.includes(refusal.type.toLowerCase()))
  );
}

function wordsOf(refusal: Refusal): string {
  return `${refusal.code} ${refusal.message}`;
}

function firstText(...candidates: readonly unknown[]): string {
  return candidates.map(textOf).find((text) => text !== '') ?? '';
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
}

/** True for a JSON object, not for a list. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
