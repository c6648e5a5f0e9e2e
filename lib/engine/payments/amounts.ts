import { AppError } from "#lib/core/errors.ts";
import { type Cents, formatCents } from "#lib/core/money.ts";
import { adviceOf } from "./advice.ts";
import type { Attempt, ChargeResult } from "./port.ts";

/** A charge that no provider would take is not sent. */
export const tooSmall: ChargeResult = {
  kind: "failed",
  ref: null,
  code: "amount_too_small",
  advice: adviceOf("amount_too_small"),
};

export function refuseTooSmall({ amount }: Attempt, minimum: Cents): void {
  if (amount < minimum)
    throw new AppError("invalid", `Less than ${formatCents(minimum)} cannot be paid.`, { code: "amount_too_small" });
}
