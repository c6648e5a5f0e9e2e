/**
 * A letter's HTML for a frame inside a page: mail programs want styles in attributes, which the page's policy forbids, so
 * they become rules in one element that carries the page's nonce. The letter looks the same.
 */
export function framed(html: string, nonce: string | undefined): string {
  if (nonce === undefined) return html;
  const rules: string[] = [];
  const body = html.replaceAll(/ style="([^"]*)"/g, (_attribute, style: string) => {
    const known = rules.indexOf(style);
    const place = known === -1 ? rules.push(style) - 1 : known;
    return ` class="s${place}"`;
  });
  const sheet = rules.map((style, place) => `.s${place}{${style.replaceAll("&quot;", '"')}}`).join("");
  return body.replace(/<\/head>|(?<=<!doctype html>)/i, (end) => `<style nonce="${nonce}">${sheet}</style>${end}`);
}
