import { type RefObject, useEffect, useRef, useState } from "react";
import type { Action, ActionResult } from "#lib/core/action-result.ts";
import type { Content } from "#lib/domain/agents/builder/rules.ts";
import { type BuilderForm, contentOf, type Errors, formOf, isSame } from "./builder-form.ts";

export type BuilderActions = {
  save: Action<void>;
  publish: Action<{ version: number }>;
  discard: Action<Content>;
};

/** What the strip under the form says. */
export type Status = { tone: "good" | "bad"; words: string };

type State = {
  form: BuilderForm;
  /** The form as the server last had it. */
  saved: BuilderForm;
  errors: Errors;
  status: Status | undefined;
  isBusy: boolean;
};

export type Builder = Pick<State, "form" | "errors" | "status" | "isBusy"> & {
  change: (part: Partial<BuilderForm>) => void;
  isChanged: boolean;
  /** Keeps the draft; false where it was refused. */
  save: () => Promise<boolean>;
  publish: Action<{ version: number }>;
  discard: () => Promise<void>;
  say: (status: Status) => void;
  element: RefObject<HTMLFormElement | null>;
};

const lost: Status = { tone: "bad", words: "The server could not be reached. Try again." };

/** The form of an agent, and what becomes of it. */
export function useBuilder(agent: string, content: Content, actions: BuilderActions): Builder {
  const [state, setState] = useState(() => stateOf(formOf(content)));
  const { form, saved, ...shown } = state;
  const set = (part: Partial<State>) => setState((state) => ({ ...state, ...part }));
  const isChanged = !isSame(form, saved);

  /** One thing at a time with the server, which may be out of reach. */
  const during = async <T>(work: () => Promise<T>, otherwise: T): Promise<T> => {
    set({ isBusy: true });
    try {
      return await work();
    } catch {
      set({ status: lost });
      return otherwise;
    } finally {
      set({ isBusy: false });
    }
  };

  return {
    ...shown,
    form,
    isChanged,
    element: useFirstFault(state.errors),
    change: (part) => setState((state) => ({ ...state, form: { ...state.form, ...part }, status: undefined })),
    say: (status) => set({ status }),
    save: () =>
      during(async () => {
        if (!isChanged) return true;
        const result = await actions.save(undefined, sent(agent, form));
        set(settled(result, form, "Draft saved."));
        return result.ok;
      }, false),
    publish: async (previous, data) => {
      const result = await actions.publish(previous, sent(agent, form, data));
      if (result.ok) set(settled(result, form, `Version ${result.data.version} is published.`));
      else if (isOfForm(result)) set(settled(result, form, ""));
      return result;
    },
    discard: () =>
      during(async () => {
        const result = await actions.discard(undefined, sent(agent, form));
        if (result.ok) set(stateOf(formOf(result.data), { tone: "good", words: "The draft is discarded." }));
        else set({ status: { tone: "bad", words: result.message } });
      }, undefined),
  };
}

const stateOf = (form: BuilderForm, status?: Status): State => ({
  form,
  saved: form,
  errors: {},
  status,
  isBusy: false,
});

/** Give its ref to the form: the first field that was refused gets the focus. */
function useFirstFault(errors: Errors): RefObject<HTMLFormElement | null> {
  const element = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (Object.keys(errors).length > 0) element.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [errors]);
  return element;
}

function sent(agent: string, form: BuilderForm, data = new FormData()): FormData {
  data.set("agent", agent);
  data.set("content", JSON.stringify(contentOf(form)));
  return data;
}

/** What follows from what the server said to the form as it was sent. */
const settled = (result: ActionResult<unknown>, form: BuilderForm, words: string): Partial<State> =>
  result.ok
    ? { saved: form, errors: {}, status: { tone: "good", words } }
    : { errors: result.fields, status: { tone: "bad", words: whole(result) } };

const ofDialog = ["message", "attested"];

/** Whether a refused publishing is about the agent itself, and not about what the dialog asks. */
export const isOfForm = (result: ActionResult<unknown>): boolean =>
  !result.ok && Object.keys(result.fields).some((field) => !ofDialog.includes(field));

/** A refusal of no field of the form is said as a whole. */
function whole({ message, fields }: Extract<ActionResult<unknown>, { ok: false }>): string {
  const rest = fields[""]?.[0] ?? fields.completion_args?.[0];
  return rest ? `${message} ${rest}` : message;
}
