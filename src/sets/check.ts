import { judgeSetFile, linesOf, type SetJudgement, unmadeStates } from './judging.ts';

const help = `Checks files of picture sets (*.wanset.json) of Wan Image Studio.

  node check.js [--json] [--root FOLDER] FILE…

It says what is wrong with each file, which pictures are missing, changed or still placeholders, and the most that making
them can cost; also which are there and only have another name in the file. It makes no pictures, opens no connection, and changes nothing.

  --json          writes one JSON object instead of lines
  --root FOLDER   the folder that no picture may lie outside of; without it, the nearest folder above a file that holds .git
  --help          writes this

Ends with 0 when every picture is there and made from the words of its file (or was edited by hand), with 1 when some are
still to be made or renamed, and with 2 when a file has errors or cannot be read.
`;

/** What the command line asks for; a sentence where it makes no sense. */
function readArguments(words: readonly string[]): string | { files: string[]; json: boolean; root?: string } {
  const files: string[] = [];
  let json = false;
  let root: string | undefined;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '--json') json = true;
    else if (word === '--root') {
      root = words[++at];
      if (root === undefined) return '--root needs a folder.';
    } else if (word.startsWith('-')) return `There is no option ${word}.`;
    else files.push(word);
  }
  if (files.length === 0) return 'Name at least one file.';
  return { files, json, ...(root !== undefined && { root }) };
}

async function main(words: readonly string[]): Promise<number> {
  if (words.includes('--help')) {
    process.stdout.write(help);
    return 0;
  }
  const asked = readArguments(words);
  if (typeof asked === 'string') {
    process.stderr.write(`${asked}\n\n${help}`);
    return 2;
  }
  const judgements: SetJudgement[] = [];
  const unread: { file: string; message: string }[] = [];
  for (const file of asked.files) {
    try {
      judgements.push(await judgeSetFile(file, asked.root));
    } catch (error) {
      unread.push({ file, message: error instanceof Error ? error.message : String(error) });
    }
  }
  if (asked.json) process.stdout.write(`${JSON.stringify({ files: judgements, unread }, null, 2)}\n`);
  else for (const line of judgements.flatMap(linesOf)) process.stdout.write(`${line}\n`);
  for (const { file, message } of unread) process.stderr.write(`${file}: cannot be read: ${message}\n`);
  const hasErrors = judgements.some(({ problems }) => problems.some(({ severity }) => severity === 'error'));
  if (hasErrors || unread.length > 0) return 2;
  const isUnmade = (state: string) => state === 'renamed' || unmadeStates.some((unmade) => unmade === state);
  return judgements.some(({ pictures }) => pictures.some(({ state }) => isUnmade(state))) ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
