import type { ReportKind, ReportOutcome } from "./view.ts";

export const reportKindTitles: Readonly<Record<ReportKind, string>> = {
  child_safety: "Harm to children",
  violence: "Violence or weapons",
  malware: "Malware or attacks",
  fraud: "Fraud or impersonation",
  spam: "Spam",
  privacy: "Someone’s personal data",
  self_harm: "Self-harm",
  other: "Something else against the terms or the law",
};

export const outcomeTitles: Readonly<Record<ReportOutcome, string>> = { acted: "Acted on", dismissed: "Dismissed" };

export const longestReport = 5000;
export const longestPlace = 500;
