import type { Permission } from "#lib/core/access/permissions.ts";
import type { Guarded } from "#lib/core/access/step-up.ts";
import type { ClauseId } from "#lib/core/clauses/register.ts";

/** A question of a form beside subject and message. */
export type KindField = {
  label: string;
  help?: string;
  /** How it is written. */
  form: "line" | "lines" | "moment" | "choice";
  choices?: Readonly<Record<string, string>>;
  isOptional?: boolean;
};

export type Desk = "support" | "billing" | "models" | "trust" | "legal";

type Kind = {
  title: string;
  /** What it is for, in a sentence. */
  about: string;
  /** Who can open it. */
  can: Permission;
  desk: Desk;
  clause: ClauseId | null;
  /** Calendar days the terms give us from the day it is received. */
  legalDays: number | null;
  fields: Readonly<Record<string, KindField>>;
  /** What the message is about. */
  message: string;
  /** Opened together with a record of its own, on the page of what it is about. */
  opensAt?: string;
  stepUp?: Guarded;
};

/** Every kind of ticket, in the order Help offers them. */
export const kinds = {
  question: {
    title: "Question",
    about: "Anything about the product or your account.",
    can: "help.write",
    desk: "support",
    clause: null,
    legalDays: null,
    fields: {},
    message: "Your question",
  },
  fault: {
    title: "Something is broken",
    about: "An error, a wrong answer, or a page that does not work.",
    can: "help.write",
    desk: "support",
    clause: null,
    legalDays: null,
    fields: {
      requestId: {
        label: "Request id",
        help: "The header x-request-id of the answer, or the reference on the page.",
        form: "line",
        isOptional: true,
      },
      happenedAt: {
        label: "When (UTC)",
        help: "A day, or a minute as 2026-11-29T10:00.",
        form: "moment",
        isOptional: true,
      },
    },
    message: "What you did, what happened, and what you expected",
  },
  higher_limits: {
    title: "Higher rate limits",
    about: "More requests per second or tokens per minute than your plan has.",
    can: "rates.request",
    desk: "models",
    clause: "T-4.2.1-RL",
    legalDays: null,
    fields: {},
    message: "What you build",
    opensAt: "limits#rates",
  },
  billing_dispute: {
    title: "Dispute an invoice",
    about: "A line of an invoice is wrong. What you dispute is not collected until it is decided.",
    can: "billing.write",
    desk: "billing",
    clause: "T-5.2-DISP",
    legalDays: null,
    fields: {},
    message: "What is wrong",
    opensAt: "organization/billing/invoices",
  },
  leaked_key: {
    title: "Report a leaked key",
    about: "The key is revoked at once, you get a successor, and we look into it with you.",
    can: "keys.write",
    desk: "trust",
    clause: "T-4.2.1-KEY4",
    legalDays: null,
    fields: {},
    message: "How it leaked",
    opensAt: "keys",
    stepUp: "key.end",
  },
  zero_retention: {
    title: "Zero data retention",
    about: "Ask that nothing of your requests is kept. For legitimate reasons, on the paid plan.",
    can: "help.write-organization",
    desk: "trust",
    clause: "T-4.2.2.2-ZDR1",
    legalDays: null,
    fields: {},
    message: "Why you need it, and which data you send",
    opensAt: "organization/privacy",
  },
  delete_agent: {
    title: "Delete an agent early",
    about: "An agent is gone within 10 days, also after your contract has ended.",
    can: "help.write-organization",
    desk: "support",
    clause: "T-4.3-DEL3",
    legalDays: 10,
    fields: { target: { label: "Agent", help: "Its name or id.", form: "line" } },
    message: "Your request",
  },
  delete_model: {
    title: "Delete a tuned model early",
    about: "A tuned model is gone within 30 days, also after your contract has ended.",
    can: "help.write-organization",
    desk: "support",
    clause: "T-4.2.3-DEL3",
    legalDays: 30,
    fields: { target: { label: "Tuned model", help: "Its name or id.", form: "line" } },
    message: "Your request",
  },
  delete_data: {
    title: "Delete other data",
    about: "Data about your organization or its people is gone within 30 days.",
    can: "help.write-organization",
    desk: "legal",
    clause: null,
    legalDays: 30,
    fields: {
      about: {
        label: "Kind of data",
        form: "choice",
        choices: {
          content: "Prompts, answers, conversations or agents",
          person: "Data about a person",
          other: "Other data",
        },
      },
      target: { label: "What", help: "Which data, and of whom.", form: "lines" },
    },
    message: "Your request",
  },
  assistance: {
    title: "Assistance with your data",
    about: "Our people look at a dataset of yours, once you agree in writing to who, what and how long.",
    can: "help.write-organization",
    desk: "models",
    clause: "T-4.2.3-ASSIST",
    legalDays: null,
    fields: { dataset: { label: "Dataset", help: "Its name or id.", form: "line" } },
    message: "What you want us to look at, and for what purpose",
  },
  object_subprocessor: {
    title: "Object to a subprocessor",
    about: "One that is announced is not to process your data. You can end the agreement as well, until its date.",
    can: "help.write-organization",
    desk: "legal",
    clause: "T-2-INC",
    legalDays: null,
    fields: {},
    message: "What you object to",
    opensAt: "organization/contract/changes",
  },
  appeal: {
    title: "Appeal a suspension",
    about: "Another person decides again, within 5 working days.",
    can: "help.write-organization",
    desk: "legal",
    clause: "T-4.1-USE",
    legalDays: null,
    fields: {},
    message: "Why the suspension is wrong",
    opensAt: "organization/suspension",
  },
  abuse: {
    title: "Report abuse",
    about: "Someone uses this platform against the terms or the law.",
    can: "help.write",
    desk: "trust",
    clause: "T-4.2.2-ABUSE",
    legalDays: null,
    fields: { reported: { label: "Who or what", help: "An agent, an organization, an address.", form: "line" } },
    message: "What happened",
  },
} as const satisfies Record<string, Kind>;

export type TicketKind = keyof typeof kinds;
export const ticketKinds = Object.keys(kinds) as [TicketKind, ...TicketKind[]];

/** The facts of a kind; one that is gone from the table is a question. */
export const kindOf = (kind: string): Kind => (kind in kinds ? kinds[kind as TicketKind] : kinds.question);

/** Kinds whose form is in Help itself. */
export const openedHere = ticketKinds.filter((kind) => !("opensAt" in kinds[kind]));

/** Every question of every form, by its name; a name means the same in all of them. */
export const fieldNames = [...new Set(ticketKinds.flatMap((kind) => Object.keys(kinds[kind].fields)))];
