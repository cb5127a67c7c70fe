// A language model that looks at nothing and repeats one sentence. What it was asked is appended to the file that the
// environment names, one line of JSON for each request.
const { appendFileSync } = require('node:fs');
const vscode = require('vscode');

exports.activate = (context) => {
  context.subscriptions.push(vscode.lm.registerLanguageModelChatProvider('parrot', new Parrot()));
};

class Parrot {
  provideLanguageModelChatInformation() {
    const size = { maxInputTokens: 100_000, maxOutputTokens: 1000 };
    const model = { id: 'parrot', name: 'Parrot One', family: 'parrot', version: '1', ...size };
    return [{ ...model, capabilities: { imageInput: true } }];
  }

  async provideLanguageModelChatResponse(_model, messages, _options, progress) {
    const parts = messages.flatMap(({ content }) => content);
    const pictures = parts
      .filter((part) => part instanceof vscode.LanguageModelDataPart)
      .map(({ mimeType, data }) => ({ mimeType, data: Buffer.from(data).toString('base64') }));
    appendFileSync(process.env.PARROT_HEARD, `${JSON.stringify({ pictures })}\n`);
    progress.report(new vscode.LanguageModelTextPart('A line that *rises* with the wind'));
  }

  async provideTokenCount() {
    return 1;
  }
}
