import { randomBytes } from 'node:crypto';

/** Addresses as the webview may load them. */
export interface PanelAssets {
  /** Source of local files, from `webview.cspSource`. */
  readonly source: string;
  readonly script: string;
  /** What the script needs before it can start: asked for at once instead of after it. */
  readonly shared: string;
  readonly style: string;
  readonly language: string;
  readonly title: string;
}

/** The sign of the extension in one colour: seen until the script has drawn the form, and in nobody's way when it does. */
const splash =
  '<svg width="72" height="72" viewBox="0 0 24 24" fill="none" stroke="currentColor" aria-hidden="true">' +
  '<path d="M16 7H5.5A1.5 1.5 0 0 0 4 8.5v9A1.5 1.5 0 0 0 5.5 19h13a1.5 1.5 0 0 0 1.5-1.5V11"/>' +
  '<path d="M4 16l4-5 4 5 3-3 5 5"/><path d="M19 3l1 3 3 1-3 1-1 3-1-3-3-1 3-1z" fill="currentColor"/></svg>';

/**
 * The page of the studio. Nothing may load but our script with the parts that it imports, which its nonce covers, our
 * style sheets, and pictures from local folders.
 */
export function studioHtml({ source, script, shared, style, language, title }: PanelAssets): string {
  const nonce = randomBytes(16).toString('base64');
  const allowed = `img-src ${source}; style-src ${source}; script-src 'nonce-${nonce}'`;
  // The last two do not follow default-src.
  const policy = `default-src 'none'; ${allowed}; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="${escape(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escape(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<link rel="stylesheet" href="${escape(style)}">
<link rel="modulepreload" nonce="${nonce}" href="${escape(shared)}">
</head>
<body>
<div id="root"><main class="splash" aria-busy="true"><h1 aria-label="${escape(title)}">${splash}</h1></main></div>
<script type="module" nonce="${nonce}" src="${escape(script)}"></script>
</body>
</html>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
