import { sha256 } from "#lib/core/secrets.ts";
import { idOfKey, isSigned } from "#lib/core/signing.ts";
import { type ReceiptFile, receiptBody } from "#lib/domain/retention/receipts/rules.ts";

/** What is wrong with a receipt, without asking anyone: nothing is an empty list. Without keys, its own is believed. */
export function problemsOf(file: ReceiptFile, trusted: readonly string[] = [file.public_key]): string[] {
  const problems: string[] = [];
  if (!trusted.includes(file.public_key)) problems.push("It is signed with a key that is not among those you trust.");
  if (idOfKey(file.public_key) !== file.key_id) problems.push("The key's id is not that of the key.");
  if (!isSigned(file.signed, file.signature, file.public_key)) problems.push("The signature does not fit the text.");
  if (!isBody(file.signed)) problems.push("The text is not a receipt.");
  return problems;
}

function isBody(signed: string): boolean {
  try {
    const body = JSON.parse(signed);
    return receiptBody.safeParse(body).success && JSON.stringify(body) === signed;
  } catch {
    return false;
  }
}

type Linked = { sequence: number; signed: string; hash: string };

/** Where a chain breaks: receipts in their order, and the head that was kept apart. */
export function flawsOf(receipts: readonly Linked[], head = { sequence: 0, hash: "" }): string[] {
  const flaws = receipts.flatMap((receipt, at) => flawOf(receipt, receipts[at - 1]) ?? []);
  const last = receipts.at(-1) ?? { sequence: 0, hash: "" };
  if (last.sequence !== head.sequence) return [...flaws, "The end of the chain is missing."];
  return last.hash === head.hash ? flaws : [...flaws, "The chain does not end as it was left."];
}

function flawOf({ signed, hash }: Linked, before: Linked | undefined): string | null {
  const { sequence, previous } = receiptBody.parse(JSON.parse(signed));
  if (sha256(signed) !== hash) return `Receipt ${sequence} was changed.`;
  if (sequence !== (before?.sequence ?? 0) + 1) return `A receipt before ${sequence} is missing.`;
  return previous === (before?.hash ?? null) ? null : `Receipt ${sequence} does not follow the one before it.`;
}
