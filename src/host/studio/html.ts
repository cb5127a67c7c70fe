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
<div id="root"></div>
<script type="module" nonce="${nonce}" src="${escape(script)}"></script>
</body>
</html>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
