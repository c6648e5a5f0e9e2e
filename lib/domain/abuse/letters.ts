import type { ClauseId } from "#lib/core/clauses/register.ts";
import { env } from "#lib/core/env.ts";
import { compose, type Letter } from "#lib/core/mail/letter.ts";
import { type AbuseReason, reasonTitles } from "#lib/domain/suspensions/rules.ts";

type Addressee = { email: string; name: string };
type Warning = { category: AbuseReason; clause: ClauseId; words: string; requestIds: readonly string[] };

const page = { label: "Open the console", path: "/" };

const warning = ({ category, clause, words, requestIds }: Warning): string[] => [
  `The reason: ${reasonTitles[category]} (${clause}).`,
  words,
  ...(requestIds.length === 0 ? [] : [`Requests it is about: ${requestIds.join(", ")}.`]),
];

export const warnedLetter = (to: Addressee, given: Warning): Letter =>
  compose({
    kind: "abuse.warned",
    to,
    subject: `A warning about your use of ${env().PROVIDER_NAME}`,
    before: ["Our staff looked into signs of abuse. Nothing is blocked for now.", ...warning(given)],
    link: page,
    after: ["If it goes on, access can be suspended. If we are wrong, tell us in Help."],
    clause: "T-4.1-USE",
  });

export const restrictedLetter = (to: Addressee, given: Warning & { workspaceName: string }): Letter =>
  compose({
    kind: "abuse.warned",
    to,
    subject: `The workspace ${given.workspaceName} was archived by our staff`,
    before: [
      "Our staff looked into signs of abuse and archived the workspace: its API keys are refused. Nothing was deleted.",
      ...warning(given),
    ],
    link: page,
    after: [
      "An organization admin can restore the workspace once the cause is mended. If it goes on, access can be suspended. If we are wrong, tell us in Help.",
    ],
    clause: "T-4.1-USE",
  });

type Unusual = { what: string; workspaceId: string; workspaceName: string };

/** T-4.2.2-ABUSE: under zero retention there is nothing to look at, so the customer looks. */
export const unusualLetter = (to: Addressee, { what, workspaceId, workspaceName }: Unusual): Letter =>
  compose({
    kind: "abuse.unusual",
    to,
    subject: `Unusual use in the workspace ${workspaceName}`,
    before: [
      `${what} An API key may have leaked.`,
      "The workspace is under zero retention: we kept nothing of what was asked, and none of our staff looks into it.",
    ],
    link: { label: "See API keys", path: `/${workspaceId}/keys` },
    after: ["If you do not know why, revoke the keys it may come from. Nothing is blocked."],
    clause: "T-4.2.2-ABUSE",
  });
