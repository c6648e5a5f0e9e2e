type Subject = {
  /** What tells it from others of its kind, without what anyone wrote: SQL of one row by `deadlines`; null: its kind says all. */
  label: string | null;
  /** Where staff see to it. */
  desk: (place: { organizationId: string; subjectId: string }) => string;
};

const its = (table: string) =>
  `from ${table} as its where its.organization_id = deadlines.organization_id and its.id = deadlines.subject_id`;
const customer = ({ organizationId }: { organizationId: string }): string => `/staff/customers/${organizationId}`;

/** What deadlines are about, by their kind. */
export const subjects = {
  termination: { label: null, desk: customer },
  legal_notice: {
    label: `select coalesce((select documents.title || ', version ' || documents.version from publications
        join documents on documents.id = publications.document_id where publications.id = its.about_id),
        (select name from subprocessors where subprocessors.id = its.about_id), its.about)
      ${its("legal_notices")}`,
    desk: () => "/staff/notices",
  },
  rate_request: {
    label: `select coalesce(its.model, 'all models') ${its("rate_requests")}`,
    desk: () => "/staff/rates",
  },
  suspension: { label: null, desk: () => "/staff/suspensions" },
  zero_retention: {
    label: `select replace(its.scope, '_', ' ') ${its("zero_retention_requests")}`,
    desk: ({ subjectId }) => `/staff/zero-retention/${subjectId}`,
  },
  deletion: { label: `select its.kind ${its("deletions")}`, desk: () => "/staff/deletions" },
  ticket: {
    label: `select 'T-' || its.number ${its("tickets")}`,
    desk: ({ subjectId }) => `/staff/tickets/${subjectId}`,
  },
  retention: { label: null, desk: customer },
  assistance: { label: null, desk: ({ subjectId }) => `/staff/assistance/${subjectId}` },
  transfer: { label: `select its.distributor ${its("model_transfers")}`, desk: () => "/staff/transfers" },
  agent_report: { label: null, desk: () => "/staff/agents" },
  cycle: { label: "select to_char(deadlines.subject_id::date, 'YYYY-MM')", desk: () => "/staff/billing/cycles" },
  invoice: {
    label: `select its.number ${its("invoices")}`,
    desk: ({ organizationId }) => `/staff/billing/accounts/${organizationId}`,
  },
  dispute: {
    label: `select (select number from invoices where invoices.organization_id = its.organization_id
      and invoices.id = its.invoice_id) ${its("disputes")}`,
    desk: ({ organizationId, subjectId }) => `/staff/billing/disputes/${organizationId}/${subjectId}`,
  },
  model_change: {
    label: "select its.model_id from model_changes as its where its.id = deadlines.subject_id",
    desk: () => "/staff/models",
  },
  alias_move: {
    label: "select its.alias from alias_moves as its where its.id = deadlines.subject_id",
    desk: () => "/staff/models",
  },
  order: {
    label: `select its.number ${its("purchase_orders")}`,
    desk: ({ organizationId, subjectId }) => `/staff/orders/${organizationId}/${subjectId}`,
  },
  bundle: { label: null, desk: customer },
  connection: { label: `select its.connector ${its("connections")}`, desk: customer },
  key: { label: `select 'ending in ' || its.last4 ${its("keys")}`, desk: customer },
} as const satisfies Record<string, Subject>;

export type SubjectKind = keyof typeof subjects;

const isKnown = (kind: string): kind is SubjectKind => Object.hasOwn(subjects, kind);

/** The label of a row of `deadlines`; null where there is none, or what it was of is gone. */
export const labelColumn = `case deadlines.subject_kind ${Object.entries(subjects)
  .flatMap(([kind, { label }]) => (label ? [`when '${kind}' then (${label})`] : []))
  .join(" ")} end`;

/** Where staff see to it: at its customer where nothing says more. */
export const deskOf = (row: { organizationId: string; subjectKind: string; subjectId: string }): string =>
  (isKnown(row.subjectKind) ? subjects[row.subjectKind].desk : customer)(row);
