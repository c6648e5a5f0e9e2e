import { expect, test } from "vitest";
import { env } from "#lib/core/env.ts";
import { repliedTo, replyAddress } from "#lib/core/mail/reply-address.ts";
import { isAutomatic, isProven, ownWords, ticketOfAddresses } from "./rules.ts";

Object.assign(env(), { MAIL_REPLY_DOMAIN: "help.example.com" });
const ticket = "tkt_01m8matt1q9kf370zckpkca8c0";
const sender = "ada@customer.example";
const headers = (lines: Record<string, string>) =>
  new Map(Object.entries(lines).map(([name, value]) => [name, [value]]));

test("help-zdr 33: an address of ours names its ticket in any case, and none that was guessed, cut or moved to another domain", () => {
  const address = replyAddress(ticket) ?? "";
  expect(address).toMatch(/^reply\+tkt_[0-9a-z]{26}\.[0-9a-f]{24}@help\.example\.com$/);
  expect(repliedTo(address)).toBe(ticket);
  expect(repliedTo(address.toUpperCase())).toBe(ticket);
  const wrong = [
    address.replace(ticket, "tkt_01m8matt1q9kf370zckpkca8c1"),
    address.replace(/[0-9a-f]@/, (last) => `${last[0] === "0" ? "1" : "0"}@`),
    address.replace("help.example.com", "help.example.net"),
    address.replace(/\.[0-9a-f]{24}/, ""),
    `x${address}`,
    "reply+@help.example.com",
    "",
  ];
  expect(wrong.map(repliedTo)).toEqual(wrong.map(() => null));
  expect(ticketOfAddresses(["team@customer.example", ...wrong, address])).toBe(ticket);
});

const pass = "dmarc=pass (p=reject sp=none) header.from=customer.example";
const proofs: [string, string[], boolean][] = [
  ["our server's word", [`mx.example.com; spf=pass; dkim=pass; ${pass}`], true],
  ["with a version after the name", [`mx.example.com 1; ${pass}`], true],
  ["in capitals", [`MX.EXAMPLE.COM; DMARC=Pass header.from=Customer.Example`], true],
  ["no header at all", [], false],
  ["another server's", [`mx.attacker.example; ${pass}`], false],
  ["another server's above ours, which failed", [`mx.attacker.example; ${pass}`, "mx.example.com; dmarc=fail"], false],
  [
    "a forged one of ours below ours",
    ["mx.example.com; dmarc=fail header.from=customer.example", `mx.example.com; ${pass}`],
    false,
  ],
  ["for another domain", ["mx.example.com; dmarc=pass header.from=attacker.example"], false],
  [
    "for a domain that only begins so",
    ["mx.example.com; dmarc=pass header.from=customer.example.attacker.example"],
    false,
  ],
  ["without a domain", ["mx.example.com; dmarc=pass"], false],
  ["spf and dkim alone", ["mx.example.com; spf=pass smtp.mailfrom=ada@customer.example; dkim=pass"], false],
  ["in a comment", ["mx.example.com; dmarc=fail (dmarc=pass header.from=customer.example)"], false],
  [
    "in a nested comment with an escape",
    ["mx.example.com; dmarc=none (a (b\\) ; dmarc=pass header.from=customer.example))"],
    false,
  ],
  ["a name in a comment", [`other.example (mx.example.com); ${pass}`], false],
  ["a result that begins so", ["mx.example.com; dmarc=passed header.from=customer.example"], false],
];

test.each(proofs)("help-zdr 33: whether %s proves a sender", (_what, results, is) => {
  expect(isProven(results, "mx.example.com", sender)).toBe(is);
});

test("help-zdr 33: without a server that is trusted nobody is proven", () => {
  expect(isProven([`mx.example.com; ${pass}`], undefined, sender)).toBe(false);
});

const automatic: [string, Record<string, string>, boolean][] = [
  [
    "a person",
    { subject: "Re: your answer", "content-type": "text/plain", "return-path": "<ada@customer.example>" },
    false,
  ],
  ["a person, said so", { "auto-submitted": "no" }, false],
  ["out of office", { "auto-submitted": "auto-replied" }, true],
  ["a monitor", { "auto-submitted": "auto-generated" }, true],
  ["a bulk letter", { precedence: "bulk" }, true],
  ["an answering machine", { precedence: "auto_reply" }, true],
  ["Exchange out of office", { "x-auto-response-suppress": "All" }, true],
  ["a list", { "list-id": "<news.example>" }, true],
  ["a bounce by its path", { "return-path": "<>" }, true],
  ["a bounce by its type", { "content-type": 'multipart/report; report-type="delivery-status"' }, true],
];

test.each(automatic)("help-zdr 33: whether %s is a machine", (_what, lines, is) => {
  expect(isAutomatic(headers(lines), "<1@customer.example>", "example.com")).toBe(is);
});

test("help-zdr 33: our own letters come back to no ticket", () => {
  expect(isAutomatic(new Map(), "<ltr_1@example.com>", "example.com")).toBe(true);
});

const quoted: [string, string, string][] = [
  ["nothing to cut", "It works now.\n\nThank you,\nAda", "It works now.\n\nThank you,\nAda"],
  [
    "a web mailer",
    "It works now.\n\nOn Sun, 29 Nov 2026 at 10:00, Comptoir <no-reply@example.com> wrote:\n\n> There is an answer",
    "It works now.",
  ],
  [
    "a broken line",
    "Yes.\n\nOn Sunday, 29 November 2026 at 10:00, The Support Team of Comptoir\n<no-reply@example.com> wrote:\n> Hello",
    "Yes.",
  ],
  ["Outlook", "Yes.\r\n\r\n-----Original Message-----\r\nFrom: Comptoir\r\nSent: Sunday", "Yes."],
  [
    "Outlook on the web",
    "Yes.\n\n________________________________\nFrom: Comptoir <x@example.com>\nSent: Sunday",
    "Yes.",
  ],
  ["headers alone", "Yes.\n\nFrom: Comptoir <x@example.com>\nSent: Sunday\nTo: Ada", "Yes."],
  ["German", "Ja.\n\nAm 29.11.2026 um 10:00 schrieb Comptoir:\n> Hallo", "Ja."],
  ["French", "Oui.\n\nLe dim. 29 nov. 2026 à 10:00, Comptoir a écrit :\n> Bonjour", "Oui."],
  [
    "answers between quotes",
    "> What did you send?\nA chat request.\n> When?\nAt ten.\n\n> Regards",
    "> What did you send?\nA chat request.\n> When?\nAt ten.",
  ],
  [
    "a sentence that begins like one",
    "On Monday it failed again.\nFrom: the log I see 503.",
    "On Monday it failed again.\nFrom: the log I see 503.",
  ],
  ["only quotes", "> There is an answer\n> to your ticket", ""],
  ["too long", "é".repeat(30_000), "é".repeat(20_000)],
];

test.each(quoted)("help-zdr 33: of %s what somebody wrote is left", (_what, text, left) => {
  expect(ownWords(text)).toBe(left);
});
