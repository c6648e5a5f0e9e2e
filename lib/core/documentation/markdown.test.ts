import { expect, test } from "vitest";
import { anchorOf, fencesOf, filled, headingsOf, type PageFacts, pageOf, sectionsOf } from "./markdown.ts";

const file = `---
title: Limits
description: What stops a request.
group: Operate
order: 2
---

Before any heading.

## Spend limits

See \`402\`.

\`\`\`sh run
# no heading
curl {{base}}/models
\`\`\`

### \`spend_limit_reached\`

Raise it.
`;
const page = pageOf("limits", file);

test("contract 44: a page's front matter says its title, place and group; without one of them there is no page", () => {
  expect(page).toMatchObject({ slug: "limits", title: "Limits", group: "Operate", order: 2 });
  for (const field of ["title", "description", "group", "order"])
    expect(() => pageOf("limits", file.replace(new RegExp(`^${field}: .*\\n`, "m"), ""))).toThrow(field);
  expect(() => pageOf("limits", file.replace("Operate", "Elsewhere"))).toThrow("group");
  expect(() => pageOf("limits", "Text alone.")).toThrow("front matter");
});

test("contract 44: anchors keep the underscores of codes, and what stands in code is no heading", () => {
  expect(headingsOf(page)).toEqual([
    { level: 2, text: "Spend limits", anchor: "spend-limits" },
    { level: 3, text: "spend_limit_reached", anchor: "spend_limit_reached" },
  ]);
  expect(anchorOf("1. What’s next?")).toBe("1-what-s-next");
  expect(sectionsOf(page)[0]).toMatchObject({ text: "Limits", anchor: "", body: "Before any heading.\n\n" });
});

test("contract 44: blocks say their language and what is done with them; facts are filled in, others stay", () => {
  expect(fencesOf(page.body)).toEqual([
    { language: "sh", words: ["run"], code: "# no heading\ncurl {{base}}/models\n" },
  ]);
  const facts = { base: "https://x.example/v1" } as PageFacts;
  expect(filled("{{base}}/models {{unknown}}", facts)).toBe("https://x.example/v1/models {{unknown}}");
});
