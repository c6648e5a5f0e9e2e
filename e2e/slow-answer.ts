import type { Page } from "@playwright/test";

/**
 * Makes the next answer of an address on a page a slow one: its first pieces come, and then nothing until a person stops it.
 */
export const slowDown = (page: Page, address: string): Promise<void> =>
  page.evaluate((address) => {
    const fast = window.fetch;
    window.fetch = async (input, init) => {
      if (init?.method !== "POST" || !String(input).startsWith(address)) return fast(input, init);
      window.fetch = fast;
      const response = await fast(input, init);
      const pieces = (await response.text()).split("\n\n").slice(0, 3);
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          for (const piece of pieces) controller.enqueue(new TextEncoder().encode(`${piece}\n\n`));
          init?.signal?.addEventListener("abort", () => controller.error(init.signal?.reason));
        },
      });
      return new Response(body, response);
    };
  }, address);
