export type Form = { [name: string]: string | Form | (string | Form)[] };

/** Reads `a[b][0][c]=v`, as Stripe's clients write parameters in bodies and in queries. */
export function readForm(text: string): Form {
  const root: Form = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const path = name.split("[").map((part) => part.replace(/\]$/, ""));
    put(root, path, value);
  }
  return listed(root) as Form;
}

function put(into: Form, [name = "", ...rest]: string[], value: string): void {
  if (rest.length === 0) into[name] = value;
  else {
    into[name] ??= {};
    put(into[name] as Form, rest, value);
  }
}

/** Members that are counted are a list. */
function listed(value: string | Form | (string | Form)[]): string | Form | (string | Form)[] {
  if (typeof value === "string" || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([name, one]) => [name, listed(one)] as const);
  const isList = entries.length > 0 && entries.every(([name], at) => name === String(at));
  return isList ? entries.map(([, one]) => one as string | Form) : Object.fromEntries(entries);
}

export const textIn = (form: Form, name: string): string | null => {
  const value = form[name];
  return typeof value === "string" && value !== "" ? value : null;
};

export const formIn = (form: Form, name: string): Form => {
  const value = form[name];
  return typeof value === "object" && !Array.isArray(value) ? value : {};
};

export const listIn = (form: Form, name: string): string[] => {
  const value = form[name];
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
};

export const labelsIn = (form: Form): Record<string, string> =>
  Object.fromEntries(Object.entries(formIn(form, "metadata")).map(([name, value]) => [name, String(value)]));
