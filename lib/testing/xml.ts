/** An element of an XML document, read for tests: names keep their prefix, text is that of the element itself. */
export type Node = { name: string; attributes: Record<string, string>; children: Node[]; text: string };

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const plain = (text: string): string => text.replace(/&(\w+);/g, (all, name: string) => entities[name] ?? all);

const attributesOf = (given: string): Record<string, string> =>
  Object.fromEntries([...given.matchAll(/([\w:]+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [key, plain(value)]));

/** Reads well-formed XML without a DTD, and refuses everything else. */
export function readXml(xml: string): Node {
  const body = xml.replace(/^<\?xml[^>]*\?>/, "");
  const open: Node[] = [{ name: "", attributes: {}, children: [], text: "" }];
  const found = [...body.matchAll(pieces)];
  const isRead = found.every((piece) => take(piece, open));
  const [only] = open[0]?.children ?? [];
  const length = found.reduce((sum, [all]) => sum + all.length, 0);
  if (!isRead || !only || open.length !== 1 || length !== body.length) throw new Error("This is not well-formed XML.");
  return only;
}

/** A tag or a text; false where an end fits no beginning. */
function take([, closing, name = "", given = "", empty, text = ""]: RegExpMatchArray, open: Node[]): boolean {
  const inside = open.at(-1);
  if (!inside) return false;
  inside.text += plain(text.trim());
  if (closing) return open.pop()?.name === name;
  if (name === "") return true;
  const node: Node = { name, attributes: attributesOf(given), children: [], text: "" };
  inside.children.push(node);
  if (!empty) open.push(node);
  return true;
}

const pieces = /<(\/?)([\w:]+)([^<>]*?)(\/?)>|([^<>]+)/g;

/** All nodes at a path such as "ram:Seller/ram:ID". */
export function all(node: Node | undefined, path: string): Node[] {
  return path
    .split("/")
    .reduce<Node[]>(
      (found, name) => found.flatMap(({ children }) => children.filter((one) => one.name === name)),
      node ? [node] : [],
    );
}

export const one = (node: Node | undefined, path: string): Node | undefined => all(node, path)[0];
export const textAt = (node: Node | undefined, path: string): string => one(node, path)?.text ?? "";
