import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { type Evidence, evidenceStates, proof, shown } from "#lib/core/clauses/evidence.ts";
import { register } from "#lib/core/clauses/register.ts";
import { type AllEvidence, clauseRows, stateWords } from "#lib/domain/register/rules.ts";
import { ClauseTable } from "./clause-table.tsx";

const now = new Date("2026-11-30T12:00:00Z");
const later = new Date("2026-12-24T12:00:00Z");

test.each(evidenceStates)(
  "contract 3: all 71 clauses are shown while they are “%s”, with words, proof and date",
  (state) => {
    const one = shown(state, "<b>Words</b> of it.", {
      at: now,
      next: { at: later, words: "It comes" },
      proofs: [proof("Keys", "keys"), proof("Documents", "/legal")],
    });
    const evidence = Object.fromEntries(register.map(({ id }) => [id, one])) as Record<string, Evidence> as AllEvidence;
    const act = {
      clause: "T-5.1",
      at: now,
      action: "contract.apply",
      objectType: "x",
      objectId: "1",
      actorName: "Mara",
    };
    const rows = clauseRows({ evidence, acts: [act], deadlines: [] }, now);
    const proofs = {
      build: "abc",
      clauses: { "T-5.1": { titles: ["T-5.1: nothing is charged"], files: ["a.test.ts"] } },
    };
    const html = renderToStaticMarkup(createElement(ClauseTable, { rows, proofs, base: "/ws_1" }));
    expect(html.match(/<th scope="row"/g)).toHaveLength(71);
    for (const { id, rule } of register) {
      expect(html).toContain(`id="${id}"`);
      expect(html).toContain(rule.replaceAll("'", "&#x27;"));
    }
    expect(html.split(`</span>${stateWords[state]}</span>`)).toHaveLength(72);
    expect(html).toContain("&lt;b&gt;Words&lt;/b&gt; of it.");
    expect(html).toContain("last: ended, by Mara");
    expect(html).toContain("T-5.1: nothing is charged");
    expect(html).toContain('href="/ws_1/keys"');
    expect(html).toContain('href="/legal"');
    expect(html).toContain(later.toISOString());
  },
);
