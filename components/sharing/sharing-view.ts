import type { GrantedLevel } from "#lib/domain/agents/sharing/rules.ts";

export type Level = GrantedLevel;
export type SubjectKind = "user" | "group" | "key";
export type Visibility = "workspace" | "restricted";

/** A person an agent can be shared with. */
export type Subject = { kind: SubjectKind; id: string; name: string; detail: string };

/** A person it is shared with; `isOut` where that gives nothing any more. */
export type Shared = Subject & { level: Level; isOut: boolean };

export type Reach = {
  added: string[];
  editors: string[];
  lost: string[];
  tools: string[];
  handoffs: { name: string | null; without: string[] }[];
  model: { name: string; isTuned: boolean };
  leftPico: bigint | null;
};

export const kindWords: Record<SubjectKind, string> = { user: "Person", group: "Group", key: "Service key" };

export const levels: readonly { value: Level; label: string }[] = [
  { value: "use", label: "Can use" },
  { value: "edit", label: "Can use and edit" },
  { value: "manage", label: "Can manage" },
];

/** The grants as the form sends them. */
export const sentGrants = (grants: readonly Shared[]): string =>
  JSON.stringify(
    grants.map(({ kind, id, level }) => ({ subjectKind: kind, subjectId: id, level })).toSorted(bySubject),
  );

const bySubject = (a: { subjectId: string }, b: { subjectId: string }): number => (a.subjectId < b.subjectId ? -1 : 1);
