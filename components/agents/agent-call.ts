/** A call of an agent for a terminal. The key comes from the environment, so that pasting it into code is never the easy way. */
export function callOf(baseUrl: string, agent: string, version: string | number | null): string {
  const asked = version === null ? "" : `"agent_version": ${JSON.stringify(version)}, `;
  return [
    `curl ${baseUrl}/agents/completions \\`,
    `  -H "Authorization: Bearer $COMPTOIR_API_KEY" \\`,
    `  -H "Content-Type: application/json" \\`,
    `  -d '{"agent_id": "${agent}", ${asked}"messages": [{"role": "user", "content": "Hello!"}]}'`,
  ].join("\n");
}
