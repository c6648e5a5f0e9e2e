type Sent = Readonly<Record<string, unknown>>;

/** What a program sends for the same job: nothing that is not chosen, so that what it leaves out shows. */
const chosenOf = (_: string, value: unknown): unknown =>
  value === null || (Array.isArray(value) && value.length === 0) ? undefined : value;

const pythonOf = (json: string): string =>
  json.replace(/: (true|false)\b/g, (_, word) => (word === "true" ? ": True" : ": False"));

/** A job as a call in three languages. The key comes from the environment. */
export function jobSnippets(baseUrl: string, job: Sent): Record<string, string> {
  const json = JSON.stringify(job, chosenOf, 2);
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
