/** What asks for somebody at a desk, and where. */
export type Waiting = { label: string; href: string; count: number };
