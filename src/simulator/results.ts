import type { IncomingMessage } from 'node:http';
import type { Answer } from './answer.ts';
import { flatJpeg } from './draw/flatJpeg.ts';
import type { Fault } from './faults.ts';
import { isSignedAndFresh, pictureOf } from './jobAnswers.ts';
import { deliveredSize } from './simulatedJob.ts';
import type { SimulatedJob } from './simulatedJob.ts';
import type { Size } from './sizes.ts';
import type { Twin } from './twin.ts';

/** Serves a picture to whoever has its signed address; a key has no business here and is counted. */
export async function result(
  twin: Twin,
  request: IncomingMessage,
  id: string,
  index: number,
  query: URLSearchParams,
  fault: Fault | undefined,
): Promise<Answer> {
  const { headers } = request;
  twin.tally.downloads += 1;
  if (headers.authorization !== undefined || headers['x-api-key'] !== undefined || headers.cookie !== undefined)
    twin.tally.downloadsWithCredentials += 1;
  if (fault?.kind === 'url-expired' || !isSignedAndFresh(twin, id, index, query))
    return plain(403, 'AccessDenied', 'Request has expired or its signature does not match.');
  const job = await twin.store.find(id);
  if (job === undefined || index >= job.delivers) return plain(404, 'NoSuchKey', 'There is no such object.');
  return picture(twin, job, index, fault);
}

async function picture(twin: Twin, job: SimulatedJob, index: number, fault: Fault | undefined): Promise<Answer> {
  const size = sizeUnder(fault, deliveredSize(job, index));
  if (fault?.kind === 'mislabelled-image' && fault.as !== 'content-type') {
    const body =
      fault.as === 'html'
        ? Buffer.from('<!DOCTYPE html><title>Sign in</title><p>Sign in to this network.</p>')
        : flatJpeg(size);
    return { status: 200, headers: { 'content-type': 'image/png' }, body };
  }
  const { png } = await pictureOf(twin, job, index, size);
  const type = fault?.kind === 'mislabelled-image' ? 'text/plain' : 'image/png';
  const body = fault?.kind === 'truncated-image' ? png.subarray(0, Math.floor(png.length * 0.6)) : png;
  return { status: 200, headers: { 'content-type': type, 'cache-control': 'private' }, body };
}

function sizeUnder(fault: Fault | undefined, size: Size): Size {
  if (fault?.kind !== 'wrong-size') return size;
  const isPlain =
    fault.width === undefined && fault.height === undefined && fault.offX === undefined && fault.offY === undefined;
  if (isPlain) return { width: Math.round(size.width / 2), height: Math.round(size.height / 2) };
  return {
    width: (fault.width ?? size.width) + (fault.offX ?? 0),
    height: (fault.height ?? size.height) + (fault.offY ?? 0),
  };
}

/** Result addresses belong to an object store, which answers in XML and not in the service's envelope. */
function plain(status: number, code: string, message: string): Answer {
  const body = Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>\n`,
  );
  return { status, headers: { 'content-type': 'application/xml' }, body };
}
