import { describe, expect, test } from "vitest";
import { type AgentFacts, agentKind, may, rightsOf } from "#lib/domain/agents/rules.ts";
import { sharing } from "#lib/domain/sharing/input.ts";
import { namesWords, type Right, rights, type SharingStanding, standingBy } from "#lib/domain/sharing/rules.ts";
import { explanationOf, reachedBy } from "./rules.ts";

const base = { workspaceId: "ws_1", subject: "usr_ben", groups: [] as string[], hasSharing: true };
const worker = (change: Partial<SharingStanding> = {}): SharingStanding => ({
  ...standingBy(agentKind, { ...base, roles: ["user"] }),
  ...change,
});
const admin = worker({ subject: "usr_admin", isAdmin: true });
const agent = (change: Partial<AgentFacts> = {}): AgentFacts => ({
  workspaceId: "ws_1",
  ownerId: "usr_ada",
  visibility: "restricted",
  version: 0,
  grants: [],
  ...change,
});
const owner = worker({ subject: "usr_ada" });
const all = rights.join();
const given = (who: SharingStanding, what: AgentFacts) =>
  rights.filter((right) => rightsOf(who, what).has(right)).join();

describe("T-4.3-SHARE1: on a plan without sharing", () => {
  const shared = agent({ visibility: "workspace", grants: [{ subjectId: "usr_ben", level: "manage" }] });
  test.each([
    ["its owner does everything with it", worker({ subject: "usr_ada", hasSharing: false }), all],
    ["somebody it was shared with has nothing", worker({ hasSharing: false }), ""],
    ["an admin sees and removes it, and does not use it", { ...admin, hasSharing: false }, "see,manage"],
  ])("%s", (_promise, who, want) => {
    expect(given(who, shared)).toBe(want);
  });

  test("what was shared is shared again on a plan that has it", () => {
    expect(given(worker(), shared)).toBe(all);
  });
});

describe("T-4.3-SHARE2: an agent shared with the workspace", () => {
  const shared = agent({ visibility: "workspace" });
  test.each([
    ["can be used by everybody in it", worker(), "see,use"],
    ["can be used by its service keys", worker({ subject: "key_1" }), "see,use"],
    ["is not there for somebody whose role has no agents", worker({ mayUse: false, mayBuild: false }), ""],
    ["is not there in another workspace", worker({ workspaceId: "ws_2" }), ""],
    ["is its admins' to change", admin, all],
  ])("%s", (_promise, who, want) => {
    expect(given(who, shared)).toBe(want);
  });

  test("is seen by no one but its builders before it is published", () => {
    const draft = { ...shared, version: null };
    expect(given(worker(), draft)).toBe("");
    expect(given(owner, draft)).toBe("see,edit,manage");
    expect(given(admin, draft)).toBe("see,edit,manage");
  });
});

describe("T-4.3-SHARE3: a restricted agent", () => {
  const to = (subjectId: string, level: "use" | "edit" | "manage") => agent({ grants: [{ subjectId, level }] });
  test.each<[string, SharingStanding, AgentFacts, string]>([
    ["is not there for who is not named", worker(), agent(), ""],
    ["is used by who is named to use it", worker(), to("usr_ben", "use"), "see,use"],
    ["is changed by who is named to edit it", worker(), to("usr_ben", "edit"), "see,use,edit"],
    ["is shared on by who is named to manage it", worker(), to("usr_ben", "manage"), all],
    ["is used through a group", worker({ groups: ["grp_1"] }), to("grp_1", "use"), "see,use"],
    ["is not there for another group", worker({ groups: ["grp_2"] }), to("grp_1", "use"), ""],
    ["is used by a service key that was named", worker({ subject: "key_1" }), to("key_1", "use"), "see,use"],
    ["is not there for the workspace's other service keys", worker({ subject: "key_2" }), to("key_1", "use"), ""],
    ["is not there for somebody named who left the workspace", worker({ mayUse: false }), to("usr_ben", "manage"), ""],
    [
      "is not there for its owner once they left the workspace",
      worker({ subject: "usr_ada", mayUse: false }),
      agent(),
      "",
    ],
  ])("%s", (_promise, who, what, want) => {
    expect(given(who, what)).toBe(want);
  });

  test("the owner keeps every right, whatever is shared with which partner", () => {
    for (const right of rights satisfies readonly Right[])
      expect(may(owner, right, to("usr_ben", "manage"))).toBe(true);
  });
});

describe("T-4.3-SHARE3: why a person can use an agent", () => {
  const asked = (change: Partial<Parameters<typeof explanationOf>[0]> = {}) =>
    explanationOf({
      standing: worker(),
      roles: ["member", "user"],
      agent: agent(),
      placeName: "Production",
      planName: "paid",
      groupNames: new Map([["grp_1", "Analysts"]]),
      ...change,
    });

  test.each([
    ["they own it", { standing: owner }, ["They own it."]],
    ["everybody may", { agent: agent({ visibility: "workspace" }) }, ["Everyone in Production may use it."]],
    [
      "they run the workspace",
      { standing: admin, roles: ["member", "workspace_admin"] },
      ["They are a workspace admin of Production."],
    ],
    [
      "they run the organization",
      { standing: admin, roles: ["organization_admin"] },
      ["They are an organization admin."],
    ],
    [
      "by name and through a group",
      {
        standing: worker({ groups: ["grp_1"] }),
        agent: agent({
          grants: [
            { subjectId: "usr_ben", level: "use" },
            { subjectId: "grp_1", level: "edit" },
          ],
        }),
      },
      [
        "It is shared with them by name: they may use it.",
        "They are a member of the group Analysts, which may use and change it.",
      ],
    ],
  ])("%s", (_reason, change, because) => {
    expect(asked(change)).toMatchObject({ because, whyNot: null });
  });

  test("what is shared for use only is no way to something that is not published", () => {
    const draft = agent({ version: null, visibility: "workspace", grants: [{ subjectId: "usr_ada", level: "use" }] });
    expect(asked({ standing: owner, agent: draft }).because).toEqual(["They own it."]);
  });

  const outside = worker({ mayUse: false, mayBuild: false });
  test.each([
    ["is not in the workspace", { standing: outside, roles: ["member"] }, "They are not in the workspace Production."],
    [
      "has a role without agents",
      { standing: outside, roles: ["member", "observability_viewer"] },
      "Their role in Production does not include agents.",
    ],
    [
      "is on a plan without sharing",
      { standing: worker({ hasSharing: false }), planName: "free" },
      "The free plan does not include sharing agents: only its owner can use it.",
    ],
    [
      "owns something that is not published",
      { standing: owner, agent: agent({ version: null, visibility: "workspace" }) },
      "Nothing of it is published yet: only those who may change it see it.",
    ],
    ["is not named", {}, "It is shared with those named only, and neither they nor a group of theirs is among them."],
  ])("or why not: somebody who %s", (_reason, change, whyNot) => {
    expect(asked(change).whyNot).toBe(whyNot);
    expect(asked(change).rights).not.toContain("use");
  });
});

describe("T-4.3-SHARE3: who is added by another sharing", () => {
  const [ben, cy] = [
    { name: "Ben", standing: worker() },
    { name: "Cy", standing: worker({ subject: "usr_cy", groups: ["grp_1"] }) },
  ];
  const names = (list: { name: string }[]) => list.map(({ name }) => name);

  test("everyone who could not use it before, and those who can change it from now on", () => {
    const before = agent({ grants: [{ subjectId: "usr_ben", level: "use" }] });
    const open = reachedBy([ben, cy], before, { ...before, visibility: "workspace" });
    expect([names(open.added), names(open.editors)]).toEqual([["Cy"], []]);
    const group = agent({ grants: [{ subjectId: "grp_1", level: "edit" }] });
    const swapped = reachedBy([ben, cy], before, group);
    expect([names(swapped.added), names(swapped.editors), names(swapped.lost)]).toEqual([["Cy"], ["Cy"], ["Ben"]]);
  });

  test("a draft counts as if it were published", () => {
    const draft = agent({ version: null });
    expect(names(reachedBy([ben, cy], draft, { ...draft, visibility: "workspace" }).added)).toEqual(["Ben", "Cy"]);
  });
});

test("a sharing names each of its people, groups and keys once, by an id of the right kind", () => {
  const named = (subjectKind: string, subjectId: string) => ({ subjectKind, subjectId, level: "use" });
  const person = `usr_${"0".repeat(26)}`;
  const says = (...grants: unknown[]) => sharing.safeParse({ visibility: "restricted", grants }).success;
  expect(says(named("user", person))).toBe(true);
  expect(says(named("group", person))).toBe(false);
  expect(says(named("user", person), named("user", person))).toBe(false);
  expect(says({ ...named("user", person), level: "own" })).toBe(false);
});

test("a list of names stays short", () => {
  expect(namesWords([])).toBe("nobody");
  expect(namesWords(["Ada", "Ben"])).toBe("Ada and Ben");
  expect(namesWords(["Ada", "Ben", "Cy", "Di"])).toBe("Ada, Ben, Cy and 1 other");
  expect(namesWords(["Ada", "Ben", "Cy", "Di", "Ed"])).toBe("Ada, Ben, Cy and 2 others");
});
