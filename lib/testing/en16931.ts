import { outOfOrder } from "./cii-order.ts";
import { all, type Node, one, readXml, textAt } from "./xml.ts";

type Party = { name: string; country: string; address: boolean; vat: string; tax: string; legal: string; id: string };
type Line = { node: Node; category: string; rate: string | null; amount: bigint };
type Tax = { category: string; rate: string | null; base: bigint; tax: bigint; reason: string; code: string };
type Total = "LineTotal" | "TaxBasisTotal" | "TaxTotal" | "GrandTotal" | "TotalPrepaid" | "DuePayable";

/** An e-invoice in the syntax of CII as the business rules of EN 16931 see it. */
export type EInvoice = {
  root: Node;
  head: Node | undefined;
  settlement: Node | undefined;
  seller: Party;
  buyer: Party;
  lines: Line[];
  taxes: Tax[];
  totals: Record<Total, bigint | null>;
};

const amount = (text: string): bigint => {
  if (!/^-?\d+(\.\d{1,2})?$/.test(text)) throw new Error(`${text} is no amount of two decimals.`);
  const [whole = "0", fraction = ""] = text.split(".");
  return BigInt(whole + fraction.padEnd(2, "0"));
};

const party = (node: Node | undefined): Party => {
  const registered = (scheme: string): string =>
    all(node, "ram:SpecifiedTaxRegistration/ram:ID").find(({ attributes }) => attributes.schemeID === scheme)?.text ??
    "";
  return {
    name: textAt(node, "ram:Name"),
    address: one(node, "ram:PostalTradeAddress") !== undefined,
    country: textAt(node, "ram:PostalTradeAddress/ram:CountryID"),
    vat: registered("VA"),
    tax: registered("FC"),
    legal: textAt(node, "ram:SpecifiedLegalOrganization/ram:ID"),
    id: textAt(node, "ram:ID"),
  };
};

export function readInvoice(xml: string): EInvoice {
  const root = readXml(xml);
  const trade = one(root, "rsm:SupplyChainTradeTransaction");
  const settlement = one(trade, "ram:ApplicableHeaderTradeSettlement");
  const total = (name: Total): bigint | null => {
    const path = `ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:${name}Amount`;
    const found = one(settlement, path);
    return found ? amount(found.text) : null;
  };
  const names: Total[] = ["LineTotal", "TaxBasisTotal", "TaxTotal", "GrandTotal", "TotalPrepaid", "DuePayable"];
  return {
    root,
    head: one(root, "rsm:ExchangedDocument"),
    settlement,
    seller: party(one(trade, "ram:ApplicableHeaderTradeAgreement/ram:SellerTradeParty")),
    buyer: party(one(trade, "ram:ApplicableHeaderTradeAgreement/ram:BuyerTradeParty")),
    lines: all(trade, "ram:IncludedSupplyChainTradeLineItem").map(lineOf),
    taxes: all(settlement, "ram:ApplicableTradeTax").map((node) => ({
      category: textAt(node, "ram:CategoryCode"),
      rate: one(node, "ram:RateApplicablePercent")?.text ?? null,
      base: amount(textAt(node, "ram:BasisAmount")),
      tax: amount(textAt(node, "ram:CalculatedAmount")),
      reason: textAt(node, "ram:ExemptionReason"),
      code: textAt(node, "ram:ExemptionReasonCode"),
    })),
    totals: Object.fromEntries(names.map((name) => [name, total(name)])) as Record<Total, bigint | null>,
  };
}

const lineOf = (node: Node): Line => {
  const settled = one(node, "ram:SpecifiedLineTradeSettlement");
  return {
    node,
    category: textAt(settled, "ram:ApplicableTradeTax/ram:CategoryCode"),
    rate: one(settled, "ram:ApplicableTradeTax/ram:RateApplicablePercent")?.text ?? null,
    amount: amount(textAt(settled, "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount")),
  };
};

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((all, one) => all + one, 0n);
/** A rate in hundredths. */
const rateOf = (rate: string | null): bigint => (rate === null ? 0n : amount(rate));
const halfUp = (twice: bigint, by: bigint): bigint =>
  twice < 0n ? -((-twice + by) / (2n * by)) : (twice + by) / (2n * by);
const taxOn = (base: bigint, rate: bigint): bigint => halfUp(2n * base * rate, 10_000n);

type Rules = Record<string, (invoice: EInvoice) => boolean>;
const eachLine =
  (holds: (line: Line) => boolean) =>
  ({ lines }: EInvoice): boolean =>
    lines.every(holds);

/** An invoice's period, or a line's, ends when it begins or later. */
const isPeriod = (node: Node | undefined): boolean => {
  const [from, to] = ["ram:StartDateTime", "ram:EndDateTime"].map((name) => textAt(node, `${name}/udt:DateTimeString`));
  return node === undefined || ((from || to) !== "" && (!from || !to || from <= to));
};

const typeCodes = ["380", "381", "386", "503"];
const units = ["C62", "H87", "MON"];

const shape: Rules = {
  "BR-01": ({ root }) =>
    textAt(root, "rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID") ===
    "urn:cen.eu:en16931:2017",
  "BR-02": ({ head }) => textAt(head, "ram:ID") !== "",
  "BR-03": ({ head }) => /^\d{8}$/.test(textAt(head, "ram:IssueDateTime/udt:DateTimeString")),
  "BR-04, BR-CL-01": ({ head }) => typeCodes.includes(textAt(head, "ram:TypeCode")),
  "BR-05": ({ settlement }) => textAt(settlement, "ram:InvoiceCurrencyCode") === "EUR",
  "BR-06, BR-07": ({ seller, buyer }) => seller.name !== "" && buyer.name !== "",
  "BR-08, BR-10": ({ seller, buyer }) => seller.address && buyer.address,
  "BR-09, BR-11": ({ seller, buyer }) => /^[A-Z]{2}$/.test(seller.country) && /^[A-Z]{2}$/.test(buyer.country),
  "BR-12 to BR-15": ({ totals: { LineTotal, TaxBasisTotal, GrandTotal, DuePayable } }) =>
    [LineTotal, TaxBasisTotal, GrandTotal, DuePayable].every((total) => total !== null),
  "BR-16": ({ lines }) => lines.length > 0,
  "BR-21": ({ lines }) => {
    const ids = lines.map(({ node }) => textAt(node, "ram:AssociatedDocumentLineDocument/ram:LineID"));
    return ids.every((id) => id !== "") && new Set(ids).size === ids.length;
  },
  "BR-22": eachLine(({ node }) =>
    /^-?\d+(\.\d+)?$/.test(textAt(node, "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity")),
  ),
  "BR-23": eachLine(({ node }) =>
    units.includes(one(node, "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity")?.attributes.unitCode ?? ""),
  ),
  "BR-25": eachLine(({ node }) => textAt(node, "ram:SpecifiedTradeProduct/ram:Name") !== ""),
  "BR-26, BR-27": eachLine(({ node }) =>
    /^\d+(\.\d+)?$/.test(
      textAt(node, "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:ChargeAmount"),
    ),
  ),
  "BR-29, BR-CO-19": ({ settlement }) => isPeriod(one(settlement, "ram:BillingSpecifiedPeriod")),
  "BR-30, BR-CO-20": eachLine(({ node }) =>
    isPeriod(one(node, "ram:SpecifiedLineTradeSettlement/ram:BillingSpecifiedPeriod")),
  ),
  "BR-49, BR-50, BR-61": ({ settlement }) =>
    all(settlement, "ram:SpecifiedTradeSettlementPaymentMeans").every(
      (means) =>
        textAt(means, "ram:TypeCode") !== "" &&
        textAt(means, "ram:PayeePartyCreditorFinancialAccount/ram:IBANID") !== "",
    ),
  "BR-55": ({ settlement }) =>
    all(settlement, "ram:InvoiceReferencedDocument").every((node) => textAt(node, "ram:IssuerAssignedID") !== ""),
  "BR-62, BR-63": ({ root }) =>
    ["Seller", "Buyer"].every((name) =>
      all(
        root,
        `rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement/ram:${name}TradeParty/ram:URIUniversalCommunication/ram:URIID`,
      ).every(({ attributes }) => attributes.schemeID === "EM"),
    ),
  order: ({ root }) => outOfOrder(root).length === 0,
};

const sums: Rules = {
  "BR-CO-04": eachLine(({ category }) => ["S", "AE", "O", "E"].includes(category)),
  "BR-CO-09": ({ seller, buyer }) => [seller, buyer].every(({ vat }) => vat === "" || /^[A-Z]{2}/.test(vat)),
  "BR-CO-10": ({ lines, totals }) => sum(lines.map((line) => line.amount)) === totals.LineTotal,
  "BR-CO-13": ({ totals }) => totals.LineTotal === totals.TaxBasisTotal,
  "BR-CO-14": ({ taxes, totals }) => sum(taxes.map(({ tax }) => tax)) === totals.TaxTotal,
  "BR-CO-15": ({ totals }) => totals.GrandTotal === (totals.TaxBasisTotal ?? 0n) + (totals.TaxTotal ?? 0n),
  "BR-CO-16": ({ totals }) => totals.DuePayable === (totals.GrandTotal ?? 0n) - (totals.TotalPrepaid ?? 0n),
  "BR-CO-17": ({ taxes }) => taxes.every(({ base, rate, tax }) => tax === taxOn(base, rateOf(rate))),
  "BR-CO-18": ({ taxes }) => taxes.length > 0,
  "BR-CO-25": ({ totals, settlement }) => {
    const terms = one(settlement, "ram:SpecifiedTradePaymentTerms");
    return (totals.DuePayable ?? 0n) <= 0n || (terms?.children.length ?? 0) > 0;
  },
  "BR-CO-26": ({ seller }) => [seller.id, seller.legal, seller.vat].some((id) => id !== ""),
  "BR-48": ({ taxes }) => taxes.every(({ category, rate }) => category === "O" || rate !== null),
};

/** The rules that each category of VAT has in the same words: BR-S-01 and so on. */
const family = (category: "S" | "AE" | "O" | "E"): Rules => {
  const mine = <T extends { category: string }>(all: readonly T[]): T[] =>
    all.filter((one) => one.category === category);
  const isRate = (rate: string | null): boolean =>
    category === "O" ? rate === null : rate !== null && (category === "S" ? rateOf(rate) > 0n : rateOf(rate) === 0n);
  const named = (invoice: EInvoice): boolean => {
    const { seller, buyer } = invoice;
    if (category === "O") return seller.vat === "" && buyer.vat === "";
    if (category === "AE" && buyer.vat === "" && buyer.legal === "") return false;
    return seller.vat !== "" || seller.tax !== "";
  };
  return {
    [`BR-${category}-01`]: ({ lines, taxes }) => mine(lines).length === 0 || mine(taxes).length >= 1,
    [`BR-${category}-02`]: (invoice) => mine(invoice.lines).length === 0 || named(invoice),
    [`BR-${category}-05`]: ({ lines }) => mine(lines).every(({ rate }) => isRate(rate)),
    [`BR-${category}-08`]: ({ lines, taxes }) =>
      mine(taxes).every(
        ({ base, rate }) =>
          base ===
          sum(
            mine(lines)
              .filter((line) => line.rate === rate)
              .map((line) => line.amount),
          ),
      ),
    [`BR-${category}-09`]: ({ taxes }) => mine(taxes).every(({ tax }) => category === "S" || tax === 0n),
    [`BR-${category}-10`]: ({ taxes }) =>
      mine(taxes).every(({ reason, code }) => (category === "S" ? reason === "" && code === "" : reason !== "")),
    [`BR-${category}-11`]: ({ lines, taxes }) =>
      category !== "O" || mine(taxes).length === 0 || [...lines, ...taxes].every((one) => one.category === "O"),
  };
};

const rules: Rules = { ...shape, ...sums, ...family("S"), ...family("AE"), ...family("O"), ...family("E") };

/** The rules of EN 16931 that an e-invoice breaks. */
export const brokenRules = (xml: string): string[] => {
  const invoice = readInvoice(xml);
  return Object.entries(rules).flatMap(([id, holds]) => (holds(invoice) ? [] : [id]));
};
