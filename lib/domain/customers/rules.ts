/** As a list tells customers apart. */
export const customerStates = ["active", "suspended", "terminated", "deleted"] as const;
export type CustomerState = (typeof customerStates)[number];

export const stateWords = {
  active: "Active",
  suspended: "Suspended",
  terminated: "Terminated",
  deleted: "Deleted",
} as const satisfies Record<CustomerState, string>;

/** What a customer is, of what is kept of them: one that was deleted is nothing else any more. */
export const stateOf = ({
  status,
  deletedAt,
}: {
  status: Exclude<CustomerState, "deleted">;
  deletedAt: Date | null;
}): CustomerState => (deletedAt ? "deleted" : status);
