import type { Page, Request } from "@playwright/test";
import { expect, test, visit } from "./fixtures.ts";

/** Saves a name, and takes along the request that did it. */
async function saveName(page: Page, name: string): Promise<Request> {
  await page.getByLabel("Your name").fill(name);
  const sent = page.waitForRequest((request) => request.method() === "POST" && "next-action" in request.headers());
  await page.getByRole("button", { name: "Save name" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  return sent;
}

test("what a page sends is refused when it comes from anywhere else, or from nowhere", async ({ as }) => {
  const page = await as("founder");
  await visit(page, "/account");
  const sent = await saveName(page, "Nadia First");
  const captured = sent.postData() ?? "";
  expect(captured).toContain("Nadia First");
  const { origin: own = "", ...headers } = await sent.allHeaders();
  expect(own).toBe(new URL(page.url()).origin);

  const replay = (name: string, origin?: string) =>
    fetch(sent.url(), {
      method: "POST",
      headers: {
        ...Object.fromEntries(
          Object.entries(headers).filter(([header]) => /^(cookie|accept|content-type|next-)/.test(header)),
        ),
        ...(origin && { origin }),
      },
      body: captured.replace("Nadia First", name),
      redirect: "manual",
    });
  const nameNow = async () => {
    await page.goto("/account");
    return page.getByLabel("Your name").inputValue();
  };

  const fromNowhere = await replay("Mallory One");
  expect(await fromNowhere.text()).toContain("This request did not come from the console's own pages.");
  for (const origin of ["https://evil.example", "null", "http://localhost:1"]) {
    const answer = await replay("Mallory Two", origin);
    expect(await answer.text(), origin).not.toContain('"ok":true');
  }
  expect(await nameNow()).toBe("Nadia First");

  // The same request with our own origin works: it was the origin that was refused and nothing else.
  const fromHere = await replay("Nadia Third", own);
  expect(await fromHere.text()).toContain('"ok":true');
  expect(await nameNow()).toBe("Nadia Third");
});
