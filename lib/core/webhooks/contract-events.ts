/** What customers are told of their agreement and their access. */
export const contractEventTypes = {
  "contract.notice_given": {
    about: "Notice was given that ends the agreement at an instant",
    example: { kind: "convenience" as string, clause: "T-6-CONV" as string, ends_at: "2027-01-01T00:00:00.000Z" },
  },
  "contract.ended": {
    about: "The agreement has ended: every request is refused with 403. The last event a webhook gets",
    example: { kind: "convenience" as string, clause: "T-6-CONV" as string, ended_at: "2027-01-01T00:00:00.000Z" },
  },
  "contract.withdrawn": {
    about: "A notice that would have ended the agreement was withdrawn",
    example: { kind: "convenience" as string, ends_at: "2027-01-01T00:00:00.000Z" },
  },
  "organization.suspended": {
    about: "Access is suspended by our staff: every request is refused with 403",
    example: { suspension_id: "sus_01j9x0v3h8e4t2r6y7k5m1n0pq", reason: "spam", clause: "T-4.1-USE" },
  },
  "organization.resumed": {
    about: "A suspension has ended: the next request passes",
    example: { suspension_id: "sus_01j9x0v3h8e4t2r6y7k5m1n0pq" },
  },
} as const;
