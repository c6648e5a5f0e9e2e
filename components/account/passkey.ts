import {
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
} from "@simplewebauthn/browser";
import type { Action, ActionResult } from "#lib/core/action-result.ts";

export type AskPasskey = Action<PublicKeyCredentialRequestOptionsJSON>;
export type StartPasskey = Action<PublicKeyCredentialCreationOptionsJSON>;

const refusal = (message: string): ActionResult<never> => ({
  ok: false,
  problem: "invalid",
  message,
  fields: {},
  values: {},
});

/** Asks the server what to ask for, the browser for a passkey, and gives the answer to the server. */
export async function sendPasskey<T>(ask: AskPasskey, send: Action<T>, form: FormData): Promise<ActionResult<T>> {
  const asked = await ask(undefined, form);
  if (!asked.ok) return asked;
  const answer = await startAuthentication({ optionsJSON: asked.data }).catch(() => null);
  if (!answer) return refusal("The browser gave no passkey. Try again, or use another way.");
  form.set("answer", JSON.stringify(answer));
  return send(undefined, form);
}

/** The same for a new one. */
export async function makePasskey<T>(start: StartPasskey, add: Action<T>, form: FormData): Promise<ActionResult<T>> {
  const started = await start(undefined, form);
  if (!started.ok) return started;
  const answer = await startRegistration({ optionsJSON: started.data }).catch((error: unknown) => error as Error);
  if (answer instanceof Error) {
    return refusal(
      answer.name === "InvalidStateError"
        ? "This device has a passkey for your account already."
        : "The browser made no passkey. Nothing was changed.",
    );
  }
  form.set("answer", JSON.stringify(answer));
  return add(undefined, form);
}
