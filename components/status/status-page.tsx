import { type SpanState, total, uptimeOf, uptimeWords } from "#lib/domain/status/rules.ts";
import type { ComponentView, IncidentView, MaintenanceView, StatusSnapshot } from "#lib/domain/status/view.ts";
import { statusStyle } from "./status-style.ts";

const words: Record<SpanState, string> = {
  up: "Works",
  degraded: "Works, with difficulties",
  down: "Does not answer",
  unknown: "Not looked at",
};

const overall: Record<SpanState, string> = {
  up: "Everything works",
  degraded: "Some things have difficulties",
  down: "Some things do not answer",
  unknown: "Nothing was looked at lately",
};

/** The worst of what is known of all components. */
export function worstOf(components: readonly ComponentView[]): SpanState {
  const states = components.map(({ state }) => state ?? "unknown");
  return (["down", "degraded", "up"] as const).find((state) => states.includes(state)) ?? "unknown";
}

type DocumentProps = {
  snapshot: StatusSnapshot;
  /** What comes before the names of its files: the page may be at the root of a host of its own. */
  base: string;
  /** The address of the console, which ends with a slash. */
  console: string;
};

/** The whole page: it needs no script, no other file and no database. */
export function StatusDocument({ snapshot, base, console }: DocumentProps) {
  const { provider, asOf, components, incidents, maintenances } = snapshot;
  const state = worstOf(components);
  const [open, over] = [
    incidents.filter(({ resolvedAt }) => resolvedAt === null),
    incidents.filter(({ resolvedAt }) => resolvedAt !== null),
  ];
  const planned = maintenances.filter(({ endsAt }) => endsAt > asOf);
  return (
    <html lang="en">
      {/* biome-ignore lint/style/noHeadElement: this page is none of the console's */}
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`Status of ${provider}`}</title>
        <link rel="alternate" type="application/atom+xml" title="History" href={`${base}/history.atom`} />
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of ours, which the page's policy names by its hash */}
        <style dangerouslySetInnerHTML={{ __html: statusStyle }} />
      </head>
      <body>
        <main>
          <h1>Status of {provider}</h1>
          <p className="soft">
            As of <Instant at={asOf} />
          </p>
          <p className={`now ${state}`}>{overall[state]}</p>
          {open.map((incident) => (
            <Incident key={incident.id} incident={incident} />
          ))}
          <Section title="Planned work" isEmpty={planned.length === 0} nothing="No work is planned.">
            {planned.map((maintenance) => (
              <Maintenance key={maintenance.id} maintenance={maintenance} />
            ))}
          </Section>
          <h2>Components</h2>
          {components.map((component) => (
            <Component key={component.id} component={component} />
          ))}
          <Section title="History" isEmpty={over.length === 0} nothing="Nothing went wrong in the last ninety days.">
            {over.map((incident) => (
              <Incident key={incident.id} incident={incident} />
            ))}
          </Section>
          <p className="soft">
            <a href={`${base}/api/v2/summary.json`}>JSON</a> · <a href={`${base}/history.atom`}>Atom</a> ·{" "}
            <a href={`${base}/history.rss`}>RSS</a> · <a href={`${base}/maintenance.ics`}>Calendar</a> ·{" "}
            <a href={`${console}status-letters`}>Letters</a> · <a href={console}>Console</a>
          </p>
          <p className="soft">
            Looked at each minute, the way customers come. Work that was announced before it began is not counted as
            downtime (T-4.4-SLO3). Downtime gives no refund by the Terms (T-4.4-SLO2).
          </p>
        </main>
      </body>
    </html>
  );
}

type SectionProps = { title: string; isEmpty: boolean; nothing: string; children: React.ReactNode };

const Section = ({ title, isEmpty, nothing, children }: SectionProps) => (
  <section>
    <h2>{title}</h2>
    {isEmpty ? <p className="soft">{nothing}</p> : children}
  </section>
);

const Instant = ({ at }: { at: string }) => <time dateTime={at}>{`${at.slice(0, 16).replace("T", ", ")} UTC`}</time>;

function Component({ component: { name, state, days } }: { component: ComponentView }) {
  const uptime = uptimeWords(uptimeOf(total(days)));
  const now = state ?? "unknown";
  return (
    <section className="card">
      <div className="head">
        <h3>{name}</h3>
        <span className={`state ${now}`}>{words[now]}</span>
      </div>
      <div className="bars" role="img" aria-label={`${uptime} in ninety days`}>
        {days.map((day) => (
          <i key={day.day} className={dayState(day)} title={`${day.day}: ${uptimeWords(uptimeOf(day))}`} />
        ))}
      </div>
      <div className="head soft">
        <span>90 days ago</span>
        <span>{uptime}</span>
        <span>Today</span>
      </div>
    </section>
  );
}

/** A minute and a half of a day is what a bar of one colour may hide. */
const hiddenMs = 90_000;

function dayState({ upMs, degradedMs, downMs }: ComponentView["days"][number]): SpanState {
  if (downMs > hiddenMs) return "down";
  if (degradedMs > hiddenMs) return "degraded";
  return upMs > 0 ? "up" : "unknown";
}

const Incident = ({ incident: { title, startedAt, resolvedAt, updates } }: { incident: IncidentView }) => (
  <article className="card">
    <h3>{title}</h3>
    <p className="soft">
      Since <Instant at={startedAt} />
      {resolvedAt ? (
        <>
          , over since <Instant at={resolvedAt} />
        </>
      ) : null}
    </p>
    <ol>
      {updates.map(({ number, state, words, at }) => (
        <li key={number}>
          <strong>{stateWords[state]}</strong> <span className="soft">{<Instant at={at} />}</span>
          <p>{words}</p>
        </li>
      ))}
    </ol>
  </article>
);

const stateWords = {
  investigating: "Looking into it",
  identified: "Cause found",
  monitoring: "Mended, being watched",
  resolved: "Over",
} as const;

const Maintenance = ({
  maintenance: { title, words, startsAt, endsAt, cancelledAt, toldAt },
}: {
  maintenance: MaintenanceView;
}) => (
  <article className="card">
    <h3>
      {title}
      {cancelledAt ? " (cancelled)" : ""}
    </h3>
    <p className="soft">
      <Instant at={startsAt} /> to <Instant at={endsAt} />
      {toldAt ? null : ". Customers have not been told yet, so it counts as downtime"}
    </p>
    <p>{words}</p>
  </article>
);
