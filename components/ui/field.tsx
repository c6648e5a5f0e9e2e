import { type ReactNode, useId } from "react";

/** What a control inside a field has to carry. */
export type FieldControl = { id: string; "aria-describedby": string; "aria-invalid": true | undefined };

type Props = {
  label: string;
  /** "optional" and the like, beside the label. */
  hint?: ReactNode;
  help?: ReactNode;
  error?: string | undefined;
  children: (control: FieldControl) => ReactNode;
};

/** Label above, help below; an error takes the help's place, so nothing jumps. */
export function Field({ label, hint, help, error, children }: Props) {
  const id = useId();
  const noteId = `${id}-note`;
  return (
    <div className="flex flex-col">
      <div className="mb-1.5 flex items-baseline justify-between gap-3">
        <label htmlFor={id} className="text-ui font-medium">
          {label}
        </label>
        {hint ? <span className="text-meta text-text-faint">{hint}</span> : null}
      </div>
      {children({ id, "aria-describedby": noteId, "aria-invalid": error ? true : undefined })}
      <p
        id={noteId}
        className={`mt-1.5 min-h-4 text-meta whitespace-pre-line ${error ? "text-bad" : "text-text-faint"}`}
      >
        {error ?? help}
      </p>
    </div>
  );
}
