/** How long a reason opens a customer's data to the person who gave it. */
export const lookMinutes = 30;

/** Why staff may look at a customer's data at all; the words beside it say more. */
export const lookReasons = {
  ticket: "The customer asked for help",
  request: "The customer made a request we decide about",
  delivery: "A letter to the customer did not arrive",
  billing: "Something about their bill has to be settled",
  abuse: "Signs of abuse have to be looked into",
  legal: "The law, a court or an authority asks for it",
  incident: "Something of ours broke and touches them",
} as const;

export type LookReason = keyof typeof lookReasons;
