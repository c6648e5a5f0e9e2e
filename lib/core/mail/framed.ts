/**
 * A letter's HTML for a frame inside a page. Mail programs want styles in attributes, which the pages' policy forbids, and a
 * page that was gone to by a link keeps the policy of the one before, so its nonce helps no one: what old HTML has for it
 * gives the letter its column and its type.
 */
export function framed(html: string): string {
  const column = '<table width="560" align="center" cellpadding="20"><tr><td><font face="system-ui, sans-serif">';
  return html
    .replaceAll(/ style="[^"]*"/g, "")
    .replace(/<body>/, `<body bgcolor="#ffffff" text="#1f1d1a" link="#0f5f5a">${column}`)
    .replace(/<\/body>/, "</font></td></tr></table></body>");
}
