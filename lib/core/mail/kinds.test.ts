import { expect, test } from "vitest";
import { shownToStaff } from "./kinds.ts";

const letter = {
  text: "Open http://x/confirm?token=abc-DEF_9 now, or http://x/?a=1&token=zz.",
  html: '<a href="http://x/?a=1&amp;token=abc">',
};

test("a letter that went out shows staff no link that opens its reader's account", () => {
  for (const state of ["queued", "sent", "failed"] as const) {
    const shown = shownToStaff({ ...letter, state });
    expect(shown.text).toBe("Open http://x/confirm?token=[removed] now, or http://x/?a=1&token=[removed].");
    expect(shown.html).toBe('<a href="http://x/?a=1&amp;token=[removed]">');
  }
});

test("a letter kept because there is no mail server stays whole", () => {
  expect(shownToStaff({ ...letter, state: "kept" }).text).toBe(letter.text);
});
