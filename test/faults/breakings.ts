import type { Breaking } from './bundle.ts';
import type { Aim } from './plan.ts';

/** A way to break the engine on purpose, and the trouble in which it shows. */
export interface BrokenEngine {
  readonly name: string;
  readonly changes: readonly Breaking[];
  readonly aim: Aim;
}

const engine = 'src/jobs/engine.ts';
const durable = 'src/jobs/durable.ts';
const newFile = 'src/host/saving/newFile.ts';

/** Each is to be noticed; the first ones are tried in every test run. The texts must be found as they stand here, or the test says which is not. */
export const brokenEngines: readonly BrokenEngine[] = [
  {
    name: 'sends before the journal says so',
    changes: [
      {
        file: engine,
        from: 'await this.#write(entry, sending)\n',
        to: 'await Promise.resolve(sending)\n',
      },
    ],
    aim: { families: ['killed at a step'], modes: ['async'], after: 0.1 },
  },
  {
    name: 'sends again what was not answered',
    changes: [
      {
        file: engine,
        from: 'return this.#unaccepted(entry, failureOf(error, true));',
        to: 'return this.#send(entry, ready);',
      },
    ],
    aim: { families: ['killed at a time'], modes: ['answer-lost'] },
  },
  {
    name: 'takes what was being sent for not sent',
    changes: [
      {
        file: engine,
        from: "could buy twice.\n        return this.#fail(entry, { kind: 'nothing-delivered', mayBeBilled: true });",
        to: "\n        return this.#fail(entry, { kind: 'cancelled', mayBeBilled: false });",
      },
    ],
    aim: { families: ['killed at a step'], modes: ['async'], after: 0.15 },
  },
  {
    name: 'saves over files that are there',
    changes: [{ file: newFile, from: 'await link(part, file);', to: 'await rename(part, file);' }],
    aim: { families: ['killed at a time'], modes: ['async', 'sync'] },
  },
  {
    name: 'tells before it is on the disk',
    changes: [
      {
        file: engine,
        from: 'await this.#store.write(record).catch(',
        to: 'entry.record = record; this.#tell(record.id); await this.#store.write(record).catch(',
      },
    ],
    aim: { families: ['killed at a step'], modes: ['async'], after: 0.15 },
  },
  {
    name: 'does not count missing pictures',
    changes: [{ file: engine, from: 'const missing = Math.max(0, ', to: 'const missing = 0 * Math.max(0, ' }],
    aim: {
      families: ['connection cut'],
      modes: ['sync'],
      network: [{ at: 'result', kind: 'truncated-image', times: 2 }],
    },
  },
  {
    name: 'writes the journal in place',
    changes: [
      {
        file: durable,
        from: 'const neighbour = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}.new`;',
        to: 'const neighbour = file;',
      },
      { file: durable, from: "withFile(neighbour, 'wx'", to: "withFile(neighbour, 'w'" },
    ],
    aim: { families: ['killed inside a write'], modes: ['async', 'sync'] },
  },
  {
    name: 'does not sync the journal',
    changes: [
      {
        file: durable,
        from: 'await handle.writeFile(content);\n      await handle.sync();',
        to: 'await handle.writeFile(content);',
      },
    ],
    aim: { families: ['power lost'], modes: ['async', 'sync'] },
  },
  {
    name: 'does not sync the folder of the journal',
    changes: [
      {
        file: durable,
        from: 'throw error;\n  }\n  await syncFolder(dirname(file));',
        to: 'throw error;\n  }',
      },
    ],
    aim: { families: ['power lost'], modes: ['async', 'sync'] },
  },
  {
    name: 'forgets an entry that is damaged',
    changes: [
      {
        file: 'src/jobs/store.ts',
        from: 'if (!isReadable) this.#log(',
        to: 'if (!isReadable) return undefined;\nif (!isReadable) this.#log(',
      },
    ],
    aim: { families: ['journal damaged'], modes: ['async', 'sync'], after: 0.5 },
  },
  {
    name: 'takes whatever comes for a picture',
    changes: [
      {
        file: 'src/service/download.ts',
        from: 'const picture = await this.#verified(part);',
        to: "const picture = { format: 'png', width: 1, height: 1 };",
      },
    ],
    aim: {
      families: ['connection cut'],
      modes: ['async', 'sync'],
      network: [{ at: 'result', kind: 'truncated-image' }],
    },
  },
  {
    name: 'saves under the name of a picture while it is written',
    changes: [{ file: newFile, from: '`.wan-image-${randomUUID()}.part`', to: '`half-${randomUUID()}.png`' }],
    aim: { families: ['killed inside a write'], modes: ['sync'], after: 0.7 },
  },
];
