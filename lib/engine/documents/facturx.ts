import { centsString, decimalString } from "#lib/core/money.ts";
import type { Address, InvoiceDocument, InvoiceLine, InvoiceTax, VatCategory } from "./invoice.ts";
import { testSentence } from "./words.ts";
import { type Element, element, maybe, withAttributes, xmlOf } from "./xml.ts";

const guideline = "urn:cen.eu:en16931:2017";

const namespaces = {
  "xmlns:rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
  "xmlns:ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
  "xmlns:qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
  "xmlns:udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
};

/**
 * The e-invoice of EN 16931 in the CII syntax, profile "EN 16931" of Factur-X. The order of the elements is the
 * schema's: XML that has them in another order is not valid.
 */
export function facturX(document: InvoiceDocument): string {
  return xmlOf(
    withAttributes(
      namespaces,
      element(
        "rsm:CrossIndustryInvoice",
        element(
          "rsm:ExchangedDocumentContext",
          element("ram:BusinessProcessSpecifiedDocumentContextParameter", element("ram:ID", profileOf(document))),
          element("ram:GuidelineSpecifiedDocumentContextParameter", element("ram:ID", guideline)),
        ),
        head(document),
        element(
          "rsm:SupplyChainTradeTransaction",
          ...document.lines.map((line) => tradeLine(line)),
          agreement(document),
          delivery(document),
          settlement(document),
        ),
      ),
    ),
  );
}

/** BT-23 as France reads it: after advances S4, already paid S2, otherwise S1 (all of them services). */
function profileOf({ kind, advances, total, due }: InvoiceDocument): "S1" | "S2" | "S4" {
  if (kind === "credit_note") return "S1";
  if (advances.length > 0) return "S4";
  return total > 0n && due === 0n ? "S2" : "S1";
}

/** BT-3 of UNTDID 1001. */
function typeOf({ kind, corrects }: InvoiceDocument): "380" | "381" | "386" | "503" {
  if (kind === "advance") return "386";
  if (kind !== "credit_note") return "380";
  return corrects.length > 0 && corrects.every(({ isAdvance }) => isAdvance) ? "503" : "381";
}

const day = (name: string, date: string, type = "udt"): Element =>
  element(name, withAttributes({ format: "102" }, element(`${type}:DateTimeString`, date.replaceAll("-", ""))));

function head(document: InvoiceDocument): Element {
  const notes = [...(document.livemode ? [] : [testSentence]), ...document.notes].filter((note) => note.trim() !== "");
  return element(
    "rsm:ExchangedDocument",
    element("ram:ID", document.number),
    element("ram:TypeCode", typeOf(document)),
    day("ram:IssueDateTime", document.issuedOn),
    ...notes.map((note) => element("ram:IncludedNote", element("ram:Content", note))),
  );
}

// Recommendation 20 has no million: what is counted in millions is counted as "one" of that price.
const unitCodes = { "million tokens": "C62", piece: "H87", month: "MON" } as const;

function tradeLine(line: InvoiceLine): Element {
  return element(
    "ram:IncludedSupplyChainTradeLineItem",
    element("ram:AssociatedDocumentLineDocument", element("ram:LineID", String(line.line))),
    element("ram:SpecifiedTradeProduct", element("ram:Name", line.description), maybe("ram:Description", line.detail)),
    element(
      "ram:SpecifiedLineTradeAgreement",
      element(
        "ram:NetPriceProductTradePrice",
        element("ram:ChargeAmount", decimalString(line.unitMicros * 1_000_000n)),
      ),
    ),
    element(
      "ram:SpecifiedLineTradeDelivery",
      withAttributes({ unitCode: unitCodes[line.unit] }, element("ram:BilledQuantity", line.quantity)),
    ),
    element(
      "ram:SpecifiedLineTradeSettlement",
      element(
        "ram:ApplicableTradeTax",
        element("ram:TypeCode", "VAT"),
        element("ram:CategoryCode", line.vatCategory),
        rate(line.vatCategory, line.vatRate),
      ),
      period(line.from, line.to),
      element(
        "ram:SpecifiedTradeSettlementLineMonetarySummation",
        element("ram:LineTotalAmount", centsString(line.amount)),
      ),
    ),
  );
}

/** What is not subject to VAT has no rate, not even zero (BR-O-05). */
const rate = (category: VatCategory, hundredths: number): Element | null =>
  category === "O" ? null : element("ram:RateApplicablePercent", centsString(BigInt(hundredths)));

const period = (from: string, to: string): Element =>
  element("ram:BillingSpecifiedPeriod", day("ram:StartDateTime", from), day("ram:EndDateTime", to));

function agreement(document: InvoiceDocument): Element {
  return element(
    "ram:ApplicableHeaderTradeAgreement",
    seller(document),
    buyer(document),
    document.purchaseOrder === null || document.purchaseOrder.trim() === ""
      ? null
      : element("ram:BuyerOrderReferencedDocument", element("ram:IssuerAssignedID", document.purchaseOrder)),
  );
}

/** A document with something not subject to VAT may name no VAT number at all (BR-O-02). */
const namesVatIds = ({ lines, taxes }: InvoiceDocument): boolean =>
  lines.every(({ vatCategory }) => vatCategory !== "O") && taxes.every(({ category }) => category !== "O");

const registrations = { siren: "0002", siret: "0009" };

function registrationScheme(country: string, id: string): Record<string, string> {
  if (country !== "FR") return {};
  if (/^\d{9}$/.test(id)) return { schemeID: registrations.siren };
  return /^\d{14}$/.test(id) ? { schemeID: registrations.siret } : {};
}

function seller(document: InvoiceDocument): Element {
  const { name, address, email, registrationId, vatId } = document.seller;
  const id = registrationId?.replace(/\s/g, "") ?? "";
  const registration = withAttributes(registrationScheme(address.country, id), element("ram:ID", id));
  // BR-CO-26 wants one of the register's number, the VAT number and one of the seller's own.
  const own = id === "" && (vatId === null || !namesVatIds(document)) ? element("ram:ID", vatId ?? email) : null;
  return element(
    "ram:SellerTradeParty",
    own,
    element("ram:Name", name),
    id === "" ? null : element("ram:SpecifiedLegalOrganization", registration),
    element("ram:DefinedTradeContact", element("ram:EmailURIUniversalCommunication", element("ram:URIID", email))),
    postal(address),
    electronic(email),
    namesVatIds(document) ? (taxNumber("VA", vatId) ?? taxNumber("FC", id)) : null,
  );
}

function buyer(document: InvoiceDocument): Element {
  const { organizationId, name, address, email, vatId } = document.buyer;
  return element(
    "ram:BuyerTradeParty",
    element("ram:ID", organizationId),
    element("ram:Name", name),
    postal(address),
    electronic(email),
    namesVatIds(document) ? taxNumber("VA", vatId) : null,
  );
}

const taxNumber = (schemeID: "VA" | "FC", id: string | null): Element | null =>
  id === null || id === ""
    ? null
    : element("ram:SpecifiedTaxRegistration", withAttributes({ schemeID }, element("ram:ID", id)));

const electronic = (email: string): Element =>
  element("ram:URIUniversalCommunication", withAttributes({ schemeID: "EM" }, element("ram:URIID", email)));

const postal = ({ postalCode, line1, line2, city, country }: Address): Element =>
  element(
    "ram:PostalTradeAddress",
    maybe("ram:PostcodeCode", postalCode),
    maybe("ram:LineOne", line1),
    maybe("ram:LineTwo", line2),
    maybe("ram:CityName", city),
    element("ram:CountryID", country),
  );

/** Of an advance nothing has been delivered yet; the element itself has to be there. */
const delivery = ({ kind, to }: InvoiceDocument): Element =>
  element(
    "ram:ApplicableHeaderTradeDelivery",
    kind === "advance" ? null : element("ram:ActualDeliverySupplyChainEvent", day("ram:OccurrenceDateTime", to)),
  );

function settlement(document: InvoiceDocument): Element {
  return element(
    "ram:ApplicableHeaderTradeSettlement",
    element("ram:PaymentReference", document.number),
    element("ram:InvoiceCurrencyCode", document.currency),
    transfer(document),
    ...document.taxes.map((tax) => breakdown(tax)),
    period(document.from, document.to),
    terms(document),
    totals(document),
    ...[...document.corrects, ...document.advances].map(({ number, issuedOn }) =>
      element(
        "ram:InvoiceReferencedDocument",
        element("ram:IssuerAssignedID", number),
        day("ram:FormattedIssueDateTime", issuedOn, "qdt"),
      ),
    ),
  );
}

/** BR-CO-25: where something is due, it says until when or how. */
const terms = ({ paymentTerms, dueOn }: InvoiceDocument): Element | null =>
  paymentTerms.trim() === "" && dueOn === null
    ? null
    : element(
        "ram:SpecifiedTradePaymentTerms",
        maybe("ram:Description", paymentTerms),
        dueOn === null ? null : day("ram:DueDateDateTime", dueOn),
      );

const sepaCreditTransfer = "58";

function transfer({ kind, due, seller: { iban, bic, name } }: InvoiceDocument): Element | null {
  if (iban === null || kind === "credit_note" || due <= 0n) return null;
  return element(
    "ram:SpecifiedTradeSettlementPaymentMeans",
    element("ram:TypeCode", sepaCreditTransfer),
    element(
      "ram:PayeePartyCreditorFinancialAccount",
      element("ram:IBANID", iban.replace(/\s/g, "")),
      element("ram:AccountName", name),
    ),
    bic === null ? null : element("ram:PayeeSpecifiedCreditorFinancialInstitution", element("ram:BICID", bic)),
  );
}

/** Codes of the list VATEX; what is exempt for a reason of its own has the reason in words only. */
const exemptions: Record<VatCategory, { code: string | null; reason: string | null }> = {
  S: { code: null, reason: null },
  AE: { code: "VATEX-EU-AE", reason: "Reverse charge" },
  O: { code: "VATEX-EU-O", reason: "Not subject to VAT" },
  E: { code: null, reason: "Exempt from VAT" },
};

function breakdown({ category, rate: hundredths, base, tax, note }: InvoiceTax): Element {
  const { code, reason } = exemptions[category];
  return element(
    "ram:ApplicableTradeTax",
    element("ram:CalculatedAmount", centsString(tax)),
    element("ram:TypeCode", "VAT"),
    reason === null ? null : element("ram:ExemptionReason", note ?? reason),
    element("ram:BasisAmount", centsString(base)),
    element("ram:CategoryCode", category),
    maybe("ram:ExemptionReasonCode", code),
    rate(category, hundredths),
  );
}

function totals({ net, tax, total, prepaid, due, currency }: InvoiceDocument): Element {
  return element(
    "ram:SpecifiedTradeSettlementHeaderMonetarySummation",
    element("ram:LineTotalAmount", centsString(net)),
    element("ram:TaxBasisTotalAmount", centsString(net)),
    withAttributes({ currencyID: currency }, element("ram:TaxTotalAmount", centsString(tax))),
    element("ram:GrandTotalAmount", centsString(total)),
    prepaid === 0n ? null : element("ram:TotalPrepaidAmount", centsString(prepaid)),
    element("ram:DuePayableAmount", centsString(due)),
  );
}
