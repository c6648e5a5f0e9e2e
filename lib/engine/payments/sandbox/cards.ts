import { z } from "zod";
import { bareIban, isIban } from "#lib/core/iban.ts";

/** What a test number does when it is charged. */
export type Habit =
  | "succeeds"
  | "declined"
  | "insufficient_funds"
  | "needs_confirmation"
  | "debit_succeeds"
  | "debit_fails"
  | "disputed";

type Sample = { number: string; brand: string; habit: Habit; refusedAtEntry?: true; label: string };

/** The numbers of Stripe's documentation, so that what a person knows works here. */
export const sandboxCards: readonly Sample[] = [
  { number: "4242424242424242", brand: "visa", habit: "succeeds", label: "pays" },
  { number: "5555555555554444", brand: "mastercard", habit: "succeeds", label: "pays" },
  { number: "4000000000000002", brand: "visa", habit: "declined", refusedAtEntry: true, label: "is declined at once" },
  {
    number: "4000000000009995",
    brand: "visa",
    habit: "insufficient_funds",
    refusedAtEntry: true,
    label: "has too little money",
  },
  { number: "4000000000000341", brand: "visa", habit: "declined", label: "is taken, and declined when charged" },
  { number: "4000002500003155", brand: "visa", habit: "needs_confirmation", label: "has to be confirmed by you" },
  { number: "4000002760003184", brand: "visa", habit: "needs_confirmation", label: "has to be confirmed by you" },
  { number: "4000000000000259", brand: "visa", habit: "disputed", label: "pays, and disputes it later" },
];

export const sandboxIbans: readonly Omit<Sample, "brand">[] = [
  { number: "DE89370400440532013000", habit: "debit_succeeds", label: "pays after a while" },
  { number: "DE62370400440532013001", habit: "debit_fails", label: "comes back unpaid after a while" },
];

const month = z.coerce.number().int().min(1).max(12);
const year = z.coerce.number().int().min(2000).max(2099);

/** What a person enters on a page of the sandbox: a test card with its month and year, or a test IBAN. */
export const sandboxMethodInput = z
  .object({
    number: z.string().trim().min(1, "Enter a test number."),
    expMonth: z.preprocess((text) => (text === "" ? undefined : text), month.optional()),
    expYear: z.preprocess((text) => (text === "" ? undefined : text), year.optional()),
  })
  .transform(({ number, expMonth, expYear }, issue) => {
    const bare = bareIban(number.replace(/-/g, ""));
    const debit = sandboxIbans.find((one) => one.number === bare);
    if (debit)
      return {
        ...common(debit),
        type: "sepa_debit" as const,
        brand: null,
        expMonth: null,
        expYear: null,
        isIban: true,
      };
    const card = sandboxCards.find((one) => one.number === bare);
    if (!card) {
      const message = isIban(bare) || /^\d{12,19}$/.test(bare) ? "This is not a test number." : "Enter a test number.";
      issue.addIssue({ code: "custom", path: ["number"], message });
      return z.NEVER;
    }
    if (expMonth === undefined || expYear === undefined) {
      issue.addIssue({ code: "custom", path: ["expMonth"], message: "Enter the month and the year." });
      return z.NEVER;
    }
    return { ...common(card), type: "card" as const, brand: card.brand, expMonth, expYear, isIban: false };
  });
export type SandboxMethodInput = z.output<typeof sandboxMethodInput>;

const common = ({ number, habit, refusedAtEntry }: Omit<Sample, "brand">) => ({
  last4: number.slice(-4),
  habit,
  isRefusedAtEntry: refusedAtEntry === true,
});

export const sandboxOutcomeInput = z.object({ outcome: z.enum(["confirmed", "refused"]) });

/** Whether a card can still pay: it may until the end of its month (UTC). */
export const isExpired = (method: { expMonth: number | null; expYear: number | null }, now: Date): boolean =>
  method.expMonth !== null && method.expYear !== null && now.getTime() >= Date.UTC(method.expYear, method.expMonth, 1);
