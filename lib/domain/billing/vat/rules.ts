import type { VatCategory } from "#lib/engine/documents/invoice.ts";
export type VatDecision = { category: VatCategory; rate: number; note: string | null };
export type VatQuestion = {
  sellerCountry: string;
  buyer: { type: "business" | "consumer"; country: string; postalCode: string; hasValidVatId: boolean };
  at: Date;
};
export const vatFor = (_: VatQuestion): VatDecision => ({ category: "S", rate: 2000, note: null });
