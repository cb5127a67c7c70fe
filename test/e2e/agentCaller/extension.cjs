// Asks for a picture under a path that the test types, and writes what came of it to outcome.json.
const vscode = require('vscode');

exports.activate = (context) => {
  context.subscriptions.push(
    vscode.commands.registerCommand('agentCaller.tool', () => ask(byTool)),
    vscode.commands.registerCommand('agentCaller.api', () => ask(byApi)),
  );
};

const request = (path) => ({
  prompt: 'A README hero with a paper lighthouse',
  path,
  model: 'standard',
  resolution: '1K',
});

async function byTool(path) {
  const { content } = await vscode.lm.invokeTool('wanImage_generateImage', {
    input: request(path),
    toolInvocationToken: undefined,
  });
  return JSON.parse(content[0].value);
}

async function byApi(path) {
  const api = await vscode.extensions.getExtension('wan-image-studio.wan-image-studio').activate();
  return api.generate(request(path), { caller: 'wan-image-studio-tests.agent-caller' });
}

async function ask(way) {
  const path = await vscode.window.showInputBox({ title: 'Which path?' });
  const outcome = await way(path).catch((error) => ({ error: String(error.message ?? error) }));
  const file = vscode.Uri.joinPath(vscode.workspace.workspaceFolders[0].uri, 'outcome.json');
  await vscode.workspace.fs.writeFile(file, Buffer.from(JSON.stringify({ path, ...outcome })));
}
