/** What a page says of itself in its front matter. */
export type PageHead = { title: string; description: string; group: PageGroup; order: number };

export type DocumentationPage = PageHead & { slug: string; body: string };

/** The parts of the navigation, in order. */
export const pageGroups = ["Begin", "Build", "Operate", "Agreement", "Look up"] as const;
export type PageGroup = (typeof pageGroups)[number];

/** What differs between installations, and lists that are made from the code: they stand in the pages as `{{name}}`. */
export const factNames = ["origin", "base", "provider", "model", "embedding-model", "events", "clocks"] as const;
export type PageFacts = Readonly<Record<(typeof factNames)[number], string>>;

const placeholder = /\{\{([a-z-]+)\}\}/g;

/** A page from its file; what is missing in its front matter is an error of ours. */
export function pageOf(slug: string, text: string): DocumentationPage {
  const [, head, body] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text) ?? [];
  if (head === undefined || body === undefined) throw new Error(`${slug}.md has no front matter.`);
  const fields = new Map(head.split("\n").map((line) => [line.split(":", 1)[0], line.replace(/^[^:]*:\s*/, "")]));
  const field = (name: keyof PageHead): string => {
    const value = fields.get(name);
    if (!value) throw new Error(`${slug}.md does not say its ${name}.`);
    return value;
  };
  const group = pageGroups.find((known) => known === field("group"));
  if (!group) throw new Error(`${slug}.md is in no known group.`);
  const order = Number(field("order"));
  return { slug, title: field("title"), description: field("description"), group, order, body: body.trimStart() };
}

export function filled(text: string, facts: PageFacts): string {
  return text.replace(placeholder, (whole, name: string) => facts[name as keyof PageFacts] ?? whole);
}

/** What a heading is linked to by: its words, with the underscores of codes and names. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, "-")
    .replace(/^-+|-+$/g, "");

export type Heading = { level: 2 | 3; text: string; anchor: string };
/** A heading with the text beneath it, up to the next one. */
export type Section = Heading & { body: string };

/** The parts of a page; what stands before its first heading has the title's words and no anchor. */
export function sectionsOf({ title, body }: Pick<DocumentationPage, "title" | "body">): Section[] {
  const sections: Section[] = [{ level: 2, text: title, anchor: "", body: "" }];
  let isCode = false;
  for (const line of body.split("\n")) {
    if (line.startsWith("```")) isCode = !isCode;
    const heading = isCode ? undefined : headingOf(line);
    const last = sections.at(-1);
    if (heading) sections.push({ ...heading, body: "" });
    else if (last) last.body += `${line}\n`;
  }
  return sections;
}

function headingOf(line: string): Heading | undefined {
  const [, marks = "", words] = /^(#{2,3}) (.+)$/.exec(line) ?? [];
  if (!words) return undefined;
  const text = words.replaceAll("`", "");
  return { level: marks.length === 2 ? 2 : 3, text, anchor: anchorOf(text) };
}

export const headingsOf = (page: Pick<DocumentationPage, "title" | "body">): Heading[] =>
  sectionsOf(page)
    .slice(1)
    .map(({ level, text, anchor }) => ({ level, text, anchor }));

export type Fence = { language: string; words: readonly string[]; code: string };

/** Blocks of code with what stands behind their language, such as `run`. */
export const fencesOf = (body: string): Fence[] =>
  [...body.matchAll(/^```(\w+)([^\n]*)\n([\s\S]*?)^```$/gm)].map(([, language = "", words = "", code = ""]) => ({
    language,
    words: words.trim().split(/\s+/).filter(Boolean),
    code,
  }));

/** A page as it is handed to programs that read Markdown. */
export const markdownOf = ({ title, description, body }: DocumentationPage, facts: PageFacts): string =>
  `# ${title}\n\n> ${description}\n\n${filled(body, facts).trimEnd()}\n`;
