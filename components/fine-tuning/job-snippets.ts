type Sent = Readonly<Record<string, unknown>>;

/** What a program sends for the same job: nothing that is not chosen, so that what it leaves out shows. */
function chosenOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length > 0 ? value.map(chosenOf) : undefined;
  if (value === null || typeof value !== "object") return value ?? undefined;
  const kept = Object.entries(value).flatMap(([name, own]) => {
    const chosen = chosenOf(own);
    return chosen === undefined ? [] : [[name, chosen] as const];
  });
  return Object.fromEntries(kept);
}

const pythonOf = (json: string): string =>
  json.replace(/: (true|false)\b/g, (_, word) => (word === "true" ? ": True" : ": False"));

/** A job as a call in three languages. The key comes from the environment. */
export function jobSnippets(baseUrl: string, job: Sent): Record<string, string> {
  const json = JSON.stringify(chosenOf(job), null, 2);
  const address = `${baseUrl}/fine_tuning/jobs`;
  return {
    curl: `curl ${address} \\
  -H "Authorization: Bearer $COMPTOIR_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '${json.replaceAll("'", String.raw`'\''`)}'`,
    Python: `# pip install requests
import os, requests

job = requests.post(
    "${address}",
    headers={"Authorization": f"Bearer {os.environ['COMPTOIR_API_KEY']}"},
    json=${pythonOf(json).replaceAll("\n", "\n    ")},
).json()
print(job["id"], job["status"])`,
    TypeScript: `const answer = await fetch("${address}", {
  method: "POST",
  headers: {
    authorization: \`Bearer \${process.env.COMPTOIR_API_KEY}\`,
    "content-type": "application/json",
  },
  body: JSON.stringify(${json.replaceAll("\n", "\n  ")}),
});
const job = await answer.json();
console.log(job.id, job.status);`,
  };
}
