// Names and words that are code, a way or an order somewhere else.

/** Would call `pwned()` if anything read it as a page; `evil.test` would be asked if anything loaded it. */
export const words: readonly string[] = [
  '<script>pwned()</script>',
  '<img src=x onerror=pwned()>',
  '"><img src="https://evil.test/a.png" onerror="pwned()">',
  "' autofocus onfocus=pwned() x='",
  '<svg/onload=pwned()>',
  '<iframe src="javascript:pwned()"></iframe>',
  '</textarea></title></style><script>pwned()</script>',
  '<a href="javascript:pwned()">Generate</a>',
  '<style>@import "https://evil.test/a.css"; .run { display: none }</style>',
  '<base href="https://evil.test/"><meta http-equiv="refresh" content="0; url=https://evil.test/">',
  '[Generate](command:wanImage.deleteKey)',
  '![x](https://evil.test/pixel.png)',
  '$(trash) $(key~spin) {0} {1} %s ${pwned()} {{pwned()}} #{pwned()}',
  'javascript:pwned()',
  '\u202egnp.exe\u2066\u2069\u200f',
  'line\r\nbreak\u2028and\u2029more\u0000nul\u001b[31m\u0007',
  '<!--<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>&a;-->',
  '__proto__',
  '&lt;script&gt;pwned()&lt;/script&gt;&amp;',
  `${'A'.repeat(90)}<b>`,
];
