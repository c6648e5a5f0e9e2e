import type { ReactNode } from "react";

/** One primitive in all its states. */
export type Specimen = { of: string; show: ReactNode };

const themes = [
  { name: "Light", look: "scheme-light" },
  { name: "Dark", look: "scheme-dark" },
] as const;

/** Each specimen in both themes, side by side. */
export function Specimens({ title, specimens }: { title: string; specimens: readonly Specimen[] }) {
  return (
    <section className="flex flex-col gap-5">
      <h2 className="text-section font-semibold">{title}</h2>
      {specimens.map(({ of, show }) => (
        <section key={of} aria-label={of} className="flex flex-col gap-1.5">
          <h3 className="text-ui font-medium">{of}</h3>
          <div className="grid gap-3 lg:grid-cols-2">
            {themes.map(({ name, look }) => (
              <fieldset
                key={name}
                aria-label={`${of}, ${name.toLowerCase()}`}
                className={`specimen ${look} min-w-0 rounded-card border border-line bg-canvas p-4 text-text`}
              >
                {show}
              </fieldset>
            ))}
          </div>
        </section>
      ))}
    </section>
  );
}

export const Line = ({ children }: { children: ReactNode }) => (
  <div className="flex flex-wrap items-center gap-2 py-1">{children}</div>
);

export const Stack = ({ children }: { children: ReactNode }) => <div className="flex flex-col gap-3">{children}</div>;
