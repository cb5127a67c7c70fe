import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Replaces VS Code's native logger module in `directory`, which has to be compiled, by one in plain JavaScript.
 * Without either, VS Code runs but every output channel stays empty, because channels are read back from log files.
 */
export function writeLoggerStandIn(directory: string): void {
  writeFileSync(join(directory, 'index.js'), standIn);
}

// VS Code imports it as an ES module, so each name is written to `exports` by itself, where Node can see it.
const standIn = `const fs = require('node:fs');
const path = require('node:path');
const names = ['trace', 'debug', 'info', 'warning', 'error', 'critical'];
let level = 2;
class Logger {
  constructor(type, name, file) { this.file = file; this.raw = false; this.level = level; }
  write(at, message) {
    if (at < this.level) return;
    const now = new Date(Date.now() - new Date().getTimezoneOffset() * 60000).toISOString().replace('T', ' ').slice(0, 23);
    fs.appendFileSync(this.file, this.raw ? message : now + ' [' + names[at] + '] ' + message + '\\n');
  }
  trace(m) { this.write(0, m); }
  debug(m) { this.write(1, m); }
  info(m) { this.write(2, m); }
  warn(m) { this.write(3, m); }
  error(m) { this.write(4, m); }
  critical(m) { this.write(5, m); }
  getLevel() { return this.level; }
  setLevel(to) { this.level = to; }
  setPattern() {}
  clearFormatters() { this.raw = true; }
  flush() {}
  drop() {}
}
async function create(name, file) {
  await fs.promises.mkdir(path.dirname(file), { recursive: true });
  return new Logger('rotating', name, file);
}
exports.version = 0;
exports.Logger = Logger;
exports.setLevel = (to) => { level = to; };
exports.setFlushOn = () => {};
exports.createRotatingLogger = create;
exports.createAsyncRotatingLogger = create;
`;
