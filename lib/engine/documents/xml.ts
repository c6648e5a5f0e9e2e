/** An element; null children are left out, and so is an element that only wraps nothing. */
export type Element = { name: string; attributes: Record<string, string>; children: readonly Child[] };
type Child = Element | string | null;

export const element = (name: string, ...children: Child[]): Element => ({ name, attributes: {}, children });

export const withAttributes = (attributes: Record<string, string>, { name, children }: Element): Element => ({
  name,
  attributes,
  children,
});

/** The element with a text, or nothing where there is none. */
export const maybe = (name: string, text: string | null): Element | null =>
  text === null || text.trim() === "" ? null : element(name, text);

// XML 1.0 has no way to write these, not even escaped.
const unwritable = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const escaped = (text: string): string =>
  text.replace(unwritable, "\uFFFD").replace(/[&<>"]/g, (sign) => entities[sign] ?? sign);

export function xmlOf(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${written(root, "")}\n`;
}

function written({ name, attributes, children }: Element, indent: string): string {
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  const inside = children.filter((child) => child !== null);
  const open = `${indent}<${name}${given.join("")}`;
  if (inside.length === 0) return `${open}/>`;
  if (inside.every((child) => typeof child === "string")) return `${open}>${escaped(inside.join(""))}</${name}>`;
  const lines = inside.map((child) =>
    typeof child === "string" ? `${indent}  ${escaped(child)}` : written(child, `${indent}  `),
  );
  return `${open}>\n${lines.join("\n")}\n${indent}</${name}>`;
}
