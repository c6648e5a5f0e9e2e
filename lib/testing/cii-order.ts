import type { Node } from "./xml.ts";

/** The children that the schema of CII D16B allows in the elements we write, in its order. */
const sequences: Readonly<Record<string, string>> = {
  "rsm:CrossIndustryInvoice": "rsm:ExchangedDocumentContext rsm:ExchangedDocument rsm:SupplyChainTradeTransaction",
  "rsm:ExchangedDocumentContext":
    "ram:BusinessProcessSpecifiedDocumentContextParameter ram:GuidelineSpecifiedDocumentContextParameter",
  "rsm:ExchangedDocument": "ram:ID ram:Name ram:TypeCode ram:IssueDateTime ram:LanguageID ram:IncludedNote",
  "rsm:SupplyChainTradeTransaction":
    "ram:IncludedSupplyChainTradeLineItem ram:ApplicableHeaderTradeAgreement ram:ApplicableHeaderTradeDelivery ram:ApplicableHeaderTradeSettlement",
  "ram:IncludedSupplyChainTradeLineItem":
    "ram:AssociatedDocumentLineDocument ram:SpecifiedTradeProduct ram:SpecifiedLineTradeAgreement ram:SpecifiedLineTradeDelivery ram:SpecifiedLineTradeSettlement",
  "ram:SpecifiedTradeProduct": "ram:GlobalID ram:SellerAssignedID ram:BuyerAssignedID ram:Name ram:Description",
  "ram:SpecifiedLineTradeAgreement":
    "ram:BuyerOrderReferencedDocument ram:GrossPriceProductTradePrice ram:NetPriceProductTradePrice",
  "ram:SpecifiedLineTradeSettlement":
    "ram:ApplicableTradeTax ram:BillingSpecifiedPeriod ram:SpecifiedTradeAllowanceCharge ram:SpecifiedTradeSettlementLineMonetarySummation",
  "ram:ApplicableHeaderTradeAgreement":
    "ram:BuyerReference ram:SellerTradeParty ram:BuyerTradeParty ram:SellerTaxRepresentativeTradeParty ram:SellerOrderReferencedDocument ram:BuyerOrderReferencedDocument ram:ContractReferencedDocument",
  "ram:SellerTradeParty":
    "ram:ID ram:GlobalID ram:Name ram:Description ram:SpecifiedLegalOrganization ram:DefinedTradeContact ram:PostalTradeAddress ram:URIUniversalCommunication ram:SpecifiedTaxRegistration",
  "ram:BuyerTradeParty":
    "ram:ID ram:GlobalID ram:Name ram:Description ram:SpecifiedLegalOrganization ram:DefinedTradeContact ram:PostalTradeAddress ram:URIUniversalCommunication ram:SpecifiedTaxRegistration",
  "ram:DefinedTradeContact":
    "ram:PersonName ram:DepartmentName ram:TelephoneUniversalCommunication ram:EmailURIUniversalCommunication",
  "ram:PostalTradeAddress":
    "ram:PostcodeCode ram:LineOne ram:LineTwo ram:LineThree ram:CityName ram:CountryID ram:CountrySubDivisionName",
  "ram:ApplicableHeaderTradeDelivery": "ram:ShipToTradeParty ram:ActualDeliverySupplyChainEvent",
  "ram:ApplicableHeaderTradeSettlement":
    "ram:CreditorReferenceID ram:PaymentReference ram:TaxCurrencyCode ram:InvoiceCurrencyCode ram:PayeeTradeParty ram:SpecifiedTradeSettlementPaymentMeans ram:ApplicableTradeTax ram:BillingSpecifiedPeriod ram:SpecifiedTradeAllowanceCharge ram:SpecifiedTradePaymentTerms ram:SpecifiedTradeSettlementHeaderMonetarySummation ram:InvoiceReferencedDocument ram:ReceivableSpecifiedTradeAccountingAccount",
  "ram:SpecifiedTradeSettlementPaymentMeans":
    "ram:TypeCode ram:Information ram:ApplicableTradeSettlementFinancialCard ram:PayerPartyDebtorFinancialAccount ram:PayeePartyCreditorFinancialAccount ram:PayeeSpecifiedCreditorFinancialInstitution",
  "ram:PayeePartyCreditorFinancialAccount": "ram:IBANID ram:AccountName ram:ProprietaryID",
  "ram:ApplicableTradeTax":
    "ram:CalculatedAmount ram:TypeCode ram:ExemptionReason ram:BasisAmount ram:CategoryCode ram:ExemptionReasonCode ram:TaxPointDate ram:DueDateTypeCode ram:RateApplicablePercent",
  "ram:BillingSpecifiedPeriod": "ram:StartDateTime ram:EndDateTime",
  "ram:SpecifiedTradePaymentTerms": "ram:Description ram:DueDateDateTime ram:DirectDebitMandateID",
  "ram:SpecifiedTradeSettlementHeaderMonetarySummation":
    "ram:LineTotalAmount ram:ChargeTotalAmount ram:AllowanceTotalAmount ram:TaxBasisTotalAmount ram:TaxTotalAmount ram:RoundingAmount ram:GrandTotalAmount ram:TotalPrepaidAmount ram:DuePayableAmount",
  "ram:InvoiceReferencedDocument": "ram:IssuerAssignedID ram:TypeCode ram:FormattedIssueDateTime",
};

/** Elements whose children are unknown to the schema or stand in another order than it has them. */
export function outOfOrder(node: Node): string[] {
  const sequence = sequences[node.name]?.split(" ");
  const places = node.children.map(({ name }) => sequence?.indexOf(name) ?? 0);
  const isWrong = places.some((place, index) => place < 0 || place < (places[index - 1] ?? 0));
  const isEmpty = node.children.length === 0 && node.text === "" && node.name !== "ram:ApplicableHeaderTradeDelivery";
  return [...(isWrong || isEmpty ? [node.name] : []), ...node.children.flatMap(outOfOrder)];
}
