/** Something of the agreement at an instant; what lies ahead may still be moved by what is done before. */
export type TimelineRow = { at: Date; what: string; clause: string; isAhead: boolean };

/** A document of the contract as it holds for this customer, the one that goes first with the lowest rank. */
export type DocumentRow = {
  rank: number;
  kind: "purchase_order" | "terms" | "data-processing" | "master_agreement" | "linked";
  title: string;
  href: string | null;
  sha256: string | null;
  since: Date | null;
  until: Date | null;
};

export type ContractHead = {
  number: number | null;
  startsAt: Date | null;
  endsAt: Date | null;
  endedAt: Date | null;
  plan: string;
  customerType: "business" | "consumer";
};
