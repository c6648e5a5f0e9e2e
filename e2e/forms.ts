import { type APIResponse, expect, type Page } from "@playwright/test";

type Fields = Record<string, string>;

/** A page as it was sent, and where it is after redirects. */
export type Sent = { url: string; html: string };

/** Asks for a page over HTTP, with the cookies of this page's browser, and renders nothing. */
export const ask = async (page: Page, address: string): Promise<Sent> => sentBy(await page.request.get(address));

/**
 * Fills and sends the form with this button over HTTP, as a browser without scripts does. Cookies of the answer
 * reach the page's browser. For journeys that are about something else than this form.
 */
export async function send(page: Page, { url, html }: Sent, button: string, typed: Fields): Promise<Sent> {
  const form = forms(html).find((form) => labels(form).includes(button));
  if (form === undefined) throw new Error(`${url} has no form with a button "${button}".`);
  const { origin } = new URL(url);
  return sentBy(await page.request.post(url, { headers: { origin }, multipart: { ...hidden(form), ...typed } }));
}

/** The address of the first link that leads there and says that. */
export function linkIn({ url, html }: Sent, address: RegExp, words = /./): string {
  const found = [...html.matchAll(/<a\b[^>]*\bhref="([^"]*)"[^>]*>([\s\S]*?)<\/a>/g)];
  const link = found.find(([, href = "", inner = ""]) => address.test(decoded(href)) && words.test(textOf(inner)));
  if (!link) throw new Error(`${url} has no link to ${address} that says ${words}.`);
  return decoded(link[1] ?? "");
}

/** The address of the first link in the first part of the page that matches. */
export const firstLink = ({ url, html }: Sent, part: RegExp): string =>
  linkIn({ url, html: part.exec(html)?.[0] ?? "" }, /./);

async function sentBy(answer: APIResponse): Promise<Sent> {
  expect(answer.status(), answer.url()).toBe(200);
  return { url: answer.url(), html: await answer.text() };
}

const forms = (html: string): string[] => html.match(/<form\b[\s\S]*?<\/form>/g) ?? [];

const labels = (form: string): string[] =>
  [...form.matchAll(/<button\b[^>]*>([\s\S]*?)<\/button>/g)].map(([, inner = ""]) => textOf(inner));

const textOf = (inner: string): string => decoded(inner.replace(/<[^>]*>/g, ""));

const hidden = (form: string): Fields =>
  Object.fromEntries(
    [...form.matchAll(/<input type="hidden"([^>]*)>/g)].map(([, rest = ""]) => [
      attribute(rest, "name"),
      attribute(rest, "value"),
    ]),
  );

const attribute = (tag: string, name: string): string =>
  decoded(new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? "");

const decoded = (text: string): string =>
  text.replace(/&(quot|lt|gt|amp|#x27|#39);/g, (_entity, name: string) => characters[name] ?? "");

const characters: Fields = { quot: '"', lt: "<", gt: ">", amp: "&", "#x27": "'", "#39": "'" };
