import type { Advice } from "./port.ts";

/** What issuers and banks say, as far as the next step differs. Any other decline asks for another method. */
const adviceByCode: Record<string, Advice> = {
  insufficient_funds: "retry_later",
  try_again_later: "retry_later",
  processing_error: "retry_later",
  issuer_not_available: "retry_later",
  reenter_transaction: "retry_later",
  approve_with_id: "retry_later",
  card_velocity_exceeded: "retry_later",
  withdrawal_count_limit_exceeded: "retry_later",
  card_decline_rate_limit_exceeded: "retry_later",
  bank_account_restricted: "new_method",
  amount_too_small: "never",
  amount_too_large: "never",
  currency_not_supported: "never",
  duplicate_transaction: "never",
};

/** What the network itself advises goes before what the code means. */
const adviceByNetwork: Record<string, Advice> = {
  try_again_later: "retry_later",
  do_not_try_again: "new_method",
  confirm_card_data: "new_method",
};

export const adviceOf = (code: string, network?: string | null): Advice =>
  adviceByNetwork[network ?? ""] ?? adviceByCode[code] ?? "new_method";
