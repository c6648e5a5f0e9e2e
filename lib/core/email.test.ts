import fc from "fast-check";
import { expect, test } from "vitest";
import { provenEmail } from "#lib/domain/account/identities/rules.ts";
import { letterInput } from "#lib/domain/account/input.ts";
import { inviteInput } from "#lib/domain/invitations/input.ts";
import { contactInput } from "#lib/domain/notices/contact/input.ts";
import { typedEmail } from "./email.ts";

/** Every way in that takes an address, as what it makes of one or null. */
const doors: Record<string, (text: string) => string | null> = {
  "the terminal": (text) => typedEmail().safeParse(text).data ?? null,
  "sign-up and its letters": (text) => letterInput.safeParse({ email: text }).data?.email ?? null,
  "the registration contact": (text) => contactInput.safeParse({ email: text }).data?.email ?? null,
  invitations: (text) => inviteInput.safeParse({ emails: [text] }).data?.emails[0] ?? null,
  "the identity provider": (text) =>
    provenEmail({ issuer: "i", subject: "s", email: text, emailVerified: true, name: null }),
};

const bad = [
  "\u212Aate@example.com",
  "ad\u0131@example.com",
  "ada@ex\u0430mple.com",
  "\uFF41da@example.com",
  "ada@example.com,eve@example.com",
  "ada@example.com;eve@example.com",
  "ada@example.com eve@example.com",
  "ada@example.com\nBcc: eve@example.com",
  "ada@example.com\r\neve@example.com",
  "ada\0@example.com",
  "Ada <ada@example.com>",
  "<ada@example.com>",
  "ada@[127.0.0.1]",
  "ada@localhost",
  "@example.com",
  "ada",
  `${"a".repeat(250)}@example.com`,
];

test.each(Object.keys(doors))("%s takes one address in ASCII, and nothing that becomes one", (door) => {
  const read = doors[door] as (text: string) => string | null;
  expect(read("Ada.Lovelace+x@Example.COM")).toBe("ada.lovelace+x@example.com");
  for (const text of bad) expect([text, read(text)]).toEqual([text, null]);
  const letter = fc.oneof(fc.constantFrom(..."aK@.,; \n<>\u212A\u017F"), fc.string({ unit: "grapheme", maxLength: 2 }));
  fc.assert(
    fc.property(fc.array(letter, { maxLength: 10 }), (letters) => {
      const made = read(`${letters.join("")}@example.com`);
      expect(made === null || /^[!-~]+$/.test(made)).toBe(true);
    }),
  );
});
