import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { bringPictureBack } from './bringBack.ts';
import { describePicture } from './describe.ts';
import { cutOutPictureOf, examineBackgroundOf, measureCutOf, previewCutOf } from './cutOutPicture.ts';
import { encodePicture } from './encode.ts';
import { Engines } from './engines.ts';
import { answerInsideBoxes } from './insideBoxes.ts';
import { judgeRedFill } from './judgeFill.ts';
import { measureLeakOutside } from './leak.ts';
import { measurePictureChange } from './measureChange.ts';
import { makePackOf } from './packs.ts';
import { PixelError } from './pixelError.ts';
import { placeholderIn } from './placeholder.ts';
import { preparePicture } from './prepare.ts';
import { previewPicture } from './preview.ts';
import type { Answer, Call, Operations, WorkerOptions } from './protocol.ts';
import { makeVariant } from './variant.ts';

// The entry of the worker thread that client.ts starts; it is bundled as a file of its own.
if (!parentPort) throw new Error('this file runs in a worker thread');
const { vipsFolder } = (workerData ?? {}) as WorkerOptions;
serve(parentPort, operationsOf(new Engines(vipsFolder)));

function operationsOf(engines: Engines): Operations {
  const usual = engines.for('png');
  return {
    decode: (bytes, limits) => usual.decode(bytes, limits),
    thumbnail: (bytes, maxSide) => usual.thumbnail(bytes, maxSide),
    describe: (bytes) => describePicture(engines, bytes),
    prepare: (bytes, steps) => preparePicture(engines, bytes, steps),
    preview: (bytes, maxSide) => previewPicture(engines, bytes, maxSide),
    bringBack: (answer, source, options) => bringPictureBack(engines, answer, source, options),
    insideBoxes: (answer, source, options) => answerInsideBoxes(engines, answer, source, options),
    measureLeak: (source, answer, options) => measureLeakOutside(engines, source, answer, options),
    measureChange: (source, answer, boxes) => measurePictureChange(engines, source, answer, boxes),
    judgeFill: (answer, box, of) => judgeRedFill(engines, answer, box, of),
    encode: (bytes, format, options) => encodePicture(engines, bytes, format, options),
    variant: (bytes, variant) => makeVariant(engines, bytes, variant),
    makePack: (bytes, files, shaping) => makePackOf(engines, bytes, files, shaping),
    examineBackground: (bytes) => examineBackgroundOf(engines, bytes),
    cutOut: (bytes, options, format) => cutOutPictureOf(engines, bytes, options, format),
    measureCut: (bytes, options, pieceSide) => measureCutOf(engines, bytes, options, pieceSide),
    previewCut: (bytes, options, maxSide) => previewCutOf(engines, bytes, options, maxSide),
    placeholder: (size, label, format) => placeholderIn(engines, size, label, format),
  };
}

function serve(port: MessagePort, operations: Operations): void {
  port.on('message', (call: Call) => {
    void answer(operations, call).then(({ message, transfer }) => port.postMessage(message, transfer));
  });
}

async function answer(
  operations: Operations,
  { id, operation, input }: Call,
): Promise<{ message: Answer; transfer: ArrayBuffer[] }> {
  try {
    const work = operations[operation] as (...input: unknown[]) => Promise<object>;
    const value = await work(...input);
    return { message: { id, ok: true, value }, transfer: buffersOf(value) };
  } catch (error) {
    const message = error instanceof Error ? explain(error) : String(error);
    const kind = error instanceof PixelError ? error.kind : undefined;
    return { message: { id, ok: false, message, ...(kind === undefined ? {} : { kind }) }, transfer: [] };
  }
}

function explain(error: Error): string {
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message.trim()}` : error.message;
}

/** The memory of a result's own arrays moves to the client without a copy; a part of a shared pool cannot. */
function buffersOf(value: object): ArrayBuffer[] {
  const buffers: ArrayBuffer[] = [];
  for (const part of Object.values(value)) {
    if (part instanceof Uint8Array && part.buffer instanceof ArrayBuffer && part.byteLength === part.buffer.byteLength)
      buffers.push(part.buffer);
  }
  return buffers;
}
