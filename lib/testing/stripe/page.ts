import type Stripe from "stripe";
import { type Books, Refusal } from "./books.ts";
import { readForm, textIn } from "./form.ts";
import { confirmOnPage, enterOnPage, expireOld } from "./sessions.ts";

export type PageAnswer = { status: number; html: string } | { status: 303; location: string };

/** The hosted page, as far as a test needs one: a number to enter, a confirmation, and the way back. */
export function showPage(books: Books, id: string, message = ""): PageAnswer {
  expireOld(books);
  const session = books.find("checkout.session", id);
  if (session.status !== "open") return { status: 410, html: document(`<p role="alert">This page is over.</p>`) };
  const paid = typeof session.payment_intent === "string" ? books.find("payment_intent", session.payment_intent) : null;
  const alert = message ? `<p role="alert">${escaped(message)}</p>` : "";
  return { status: 200, html: document(alert + (paid?.status === "requires_action" ? confirmation : entry(session))) };
}

export function postPage(books: Books, id: string, body: string): PageAnswer {
  const form = readForm(body);
  try {
    const session =
      form.outcome === undefined
        ? enterOnPage(books, id, {
            number: textIn(form, "number") ?? "",
            expMonth: Number(form.expMonth ?? 12),
            expYear: Number(form.expYear ?? 2040),
          })
        : confirmOnPage(books, id, form.outcome === "confirmed");
    return session.status === "complete"
      ? { status: 303, location: String(session.success_url) }
      : { status: 303, location: `/pay/${id}` };
  } catch (error) {
    if (error instanceof Refusal) return showPage(books, id, error.message);
    throw error;
  }
}

const entry = ({ mode, amount_total: amount }: Stripe.Checkout.Session): string => `<form method="post">
  <label>Number <input name="number" required></label>
  <label>Month <input name="expMonth" value="12"></label>
  <label>Year <input name="expYear" value="2040"></label>
  <button>${mode === "setup" ? "Save" : `Pay €${((amount ?? 0) / 100).toFixed(2)}`}</button>
</form>`;

const confirmation = `<form method="post">
  <button name="outcome" value="confirmed">Complete authentication</button>
  <button name="outcome" value="refused">Fail authentication</button>
</form>`;

const document = (inner: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Stand-in for Stripe</title><main>${inner}</main></html>`;

const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
