const incident = {
  incident_id: "inc_01j9x0v3h8e4t2r6y7k5m1n0pq" as string,
  title: "API does not answer",
  components: ["api"] as string[],
  state: "investigating" as string,
  words: "Our probes get no answer. We are looking into it.",
  at: "2026-12-01T10:00:00.000Z",
};

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
  "export.ready": {
    about: "The archive of all that you have here is made: who asked for it can download it until it expires",
    example: {
      bundle_id: "bdl_01j9x0v3h8e4t2r6y7k5m1n0pq" as string,
      bytes: 1_048_576 as number,
      files: 42 as number,
      checksum: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
      expires_at: "2026-12-08T10:00:00.000Z",
    },
  },
  "terms.announced": {
    about: "A change of the terms was announced, and from when it holds for you: until then you can end the agreement",
    example: {
      document: "terms" as string,
      version: 2,
      noticed_at: "2027-02-07T10:00:00.000Z",
      effective_at: "2027-03-10T00:00:00.000Z",
    },
  },
  "terms.in_force": {
    about: "A change of the terms holds for you from now on",
    example: { document: "terms" as string, version: 2, effective_at: "2027-03-10T00:00:00.000Z" },
  },
  "model.announced": {
    about: "The end of a model was announced, and when it ends for you; requests for it are refused from then on",
    example: {
      model: "tiny-chat-1" as string,
      replacement: "tiny-chat-2" as string,
      announced_at: "2026-12-01T10:00:00.000Z",
      retires_at: "2027-06-01T10:00:00.000Z",
    },
  },
  "model.retiring": {
    about: "A model that you asked in the last 30 days ends soon: 90, 30, 7 and 1 days before",
    example: {
      model: "tiny-chat-1" as string,
      replacement: "tiny-chat-2" as string,
      retires_at: "2027-06-01T10:00:00.000Z",
      days: 30 as number,
      requests: 1200 as number,
    },
  },
  "model.retired": {
    about: "A model has ended for you: requests for it are refused with 404",
    example: {
      model: "tiny-chat-1" as string,
      replacement: "tiny-chat-2" as string,
      retires_at: "2027-06-01T10:00:00.000Z",
    },
  },
  "alias.moving": {
    about: "Another name of a model goes on to another model, and when it does for you",
    example: {
      alias: "tiny-chat-latest" as string,
      from_model: "tiny-chat-1" as string,
      to_model: "tiny-chat-2" as string,
      moves_at: "2026-12-31T00:00:00.000Z",
    },
  },
  "subprocessor.announced": {
    about: "A subprocessor is added, and from when: until then you can object, or end the agreement",
    example: {
      name: "Nordic Mail AS",
      purpose: "Delivers our letters",
      location: "Norway",
      noticed_at: "2027-02-07T10:00:00.000Z",
      effective_at: "2027-03-10T00:00:00.000Z",
    },
  },
  "organization.suspended": {
    about: "Access is suspended by our staff: every request is refused with 403",
    example: { suspension_id: "sus_01j9x0v3h8e4t2r6y7k5m1n0pq", reason: "spam", clause: "T-4.1-USE" },
  },
  "organization.resumed": {
    about: "A suspension has ended: the next request passes",
    example: { suspension_id: "sus_01j9x0v3h8e4t2r6y7k5m1n0pq" },
  },
  "integration.needs_reconnect": {
    about: "A service you connected refuses what we send: nothing is sent there until a person connects it again",
    example: {
      connection_id: "con_01j9x0v3h8e4t2r6y7k5m1n0pq",
      connector: "slack" as string,
      name: "#platform" as string,
      since: "2026-12-01T10:00:00.000Z",
    },
  },
  "incident.opened": { about: "Something went wrong: an incident was opened", example: incident },
  "incident.updated": { about: "More is said of an incident", example: { ...incident, state: "identified" as string } },
  "incident.resolved": { about: "An incident is over", example: { ...incident, state: "resolved" as string } },
  "maintenance.scheduled": {
    about: "Work is planned that may take parts of the service away, or it is taken back",
    example: {
      title: "New disks",
      components: ["api"] as string[],
      starts_at: "2026-12-01T10:00:00.000Z",
      ends_at: "2026-12-01T12:00:00.000Z",
      cancelled: false as boolean,
    },
  },
} as const;
