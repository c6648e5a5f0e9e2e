import { now } from "#lib/core/clock.ts";
import { env } from "#lib/core/env.ts";
import { log } from "#lib/core/log.ts";
import { type Outgoing, outgoing } from "#lib/core/outgoing/outgoing.ts";

/** What the register said and when; the reference proves later that it was asked. */
export type VatRegistration = {
  answer: "valid" | "invalid" | "unavailable";
  at: Date;
  reference: string | null;
};

/** Numbers with their prefix, as `checkVatId` normalizes them. A requester gets a reference, another does not. */
export type VatRegister = (vatId: string, requester: string | null) => Promise<VatRegistration>;

/** The REST interface of VIES. It is often down, and so are those of single countries: that says nothing of a number. */
export function createVies(url: string, { post }: Pick<Outgoing, "post">): VatRegister {
  const address = `${url.replace(/\/+$/, "")}/check-vat-number`;
  return async (vatId, requester) => {
    const body = JSON.stringify({
      countryCode: vatId.slice(0, 2),
      vatNumber: vatId.slice(2),
      ...(requester && { requesterMemberStateCode: requester.slice(0, 2), requesterNumber: requester.slice(2) }),
    });
    try {
      const { status, text } = await post(address, body, {
        "content-type": "application/json",
        accept: "application/json",
      });
      return { ...said(status, text), at: now() };
    } catch (error) {
      log("vies.unavailable", { reason: error instanceof Error ? error.message : String(error) });
      return { answer: "unavailable", at: now(), reference: null };
    }
  };
}

/** Read from the beginning, because no more of a long answer than that is kept. */
function said(status: number, text: string): Omit<VatRegistration, "at"> {
  const valid = /"valid"\s*:\s*(true|false)/.exec(text)?.[1];
  const reference = /"requestIdentifier"\s*:\s*"([^"\\]+)"/.exec(text)?.[1] ?? null;
  const hasFailed = /"actionSucceed"\s*:\s*false/.test(text);
  if (status !== 200 || valid === undefined || hasFailed) return { answer: "unavailable", reference: null };
  return { answer: valid === "true" ? "valid" : "invalid", reference };
}

/** The register of this installation, or null where none is configured. */
export function vies(): VatRegister | null {
  const { VIES_URL: url } = env();
  return url === undefined ? null : createVies(url, outgoing());
}
