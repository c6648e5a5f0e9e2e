import { type RefObject, useEffect, useRef, useState } from "react";
import type { Action, ActionResult } from "#lib/action.ts";
import type { Content } from "#lib/agents/builder/rules.ts";
import { type BuilderForm, contentOf, type Errors, formOf, isSame } from "./builder-form.ts";

export type BuilderActions = {
  save: Action<void>;
  publish: Action<{ version: number }>;
  discard: Action<Content>;
};

/** What the strip under the form says. */
export type Status = { tone: "good" | "bad"; words: string };

export type Builder = {
  form: BuilderForm;
  change: (part: Partial<BuilderForm>) => void;
  errors: Errors;
  status: Status | undefined;
  isChanged: boolean;
  isBusy: boolean;
  /** Keeps the draft; false where it was refused. */
  save: () => Promise<boolean>;
  publish: Action<{ version: number }>;
  discard: () => Promise<void>;
  say: (status: Status) => void;
  element: RefObject<HTMLFormElement | null>;
};

const lost = "The server could not be reached. Try again.";

/** The form of an agent, and what becomes of it. */
export function useBuilder(agent: string, content: Content, actions: BuilderActions): Builder {
  const [form, setForm] = useState(() => formOf(content));
  const [saved, setSaved] = useState(form);
  const [errors, setErrors] = useState<Errors>({});
  const [status, setStatus] = useState<Status>();
  const [isBusy, setBusy] = useState(false);
  const element = useRef<HTMLFormElement>(null);
  const isChanged = !isSame(form, saved);
  useEffect(() => {
    if (Object.keys(errors).length > 0) element.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [errors]);

  const sent = (data = new FormData()): FormData => {
    data.set("agent", agent);
    data.set("content", JSON.stringify(contentOf(form)));
    return data;
  };

  /** Takes in what the server said to a form as it was sent. */
  const settle = <T>(result: ActionResult<T>, words: (data: T) => string): boolean => {
    if (result.ok) {
      setSaved(form);
      setErrors({});
      setStatus({ tone: "good", words: words(result.data) });
      return true;
    }
    setErrors(result.fields);
    setStatus({ tone: "bad", words: whole(result) });
    return false;
  };

  const during = async <T>(work: () => Promise<T>, otherwise: T): Promise<T> => {
    setBusy(true);
    try {
      return await work();
    } catch {
      setStatus({ tone: "bad", words: lost });
      return otherwise;
    } finally {
      setBusy(false);
    }
  };

  return {
    form,
    change: (part) => {
      setForm((form) => ({ ...form, ...part }));
      setStatus(undefined);
    },
    errors,
    status,
    isChanged,
    isBusy,
    element,
    say: setStatus,
    save: () =>
      during(async () => {
        if (!isChanged) return true;
        return settle(await actions.save(undefined, sent()), () => "Draft saved.");
      }, false),
    publish: async (previous, data) => {
      const result = await actions.publish(previous, sent(data));
      if (result.ok || isOfForm(result)) settle(result, ({ version }) => `Version ${version} is published.`);
      return result;
    },
    discard: () =>
      during(async () => {
        const result = await actions.discard(undefined, sent());
        if (!result.ok) return setStatus({ tone: "bad", words: result.message });
        const published = formOf(result.data);
        setForm(published);
        setSaved(published);
        setErrors({});
        setStatus({ tone: "good", words: "The draft is discarded." });
      }, undefined),
  };
}

const ofDialog = ["message", "attested"];

/** Whether a refused publishing is about the agent itself, and not about what the dialog asks. */
export const isOfForm = (result: ActionResult<unknown>): boolean =>
  !result.ok && Object.keys(result.fields).some((field) => !ofDialog.includes(field));

/** A refusal of no field of the form is said as a whole. */
function whole({ message, fields }: Extract<ActionResult<unknown>, { ok: false }>): string {
  const rest = fields[""]?.[0] ?? fields.completion_args?.[0];
  return rest ? `${message} ${rest}` : message;
}
