import { type CommandParser, createClient, createCluster, defineScript } from "@redis/client";
import { logError } from "#lib/core/log.ts";
import { type BucketRequest, drained, type Grant, type Store } from "./store.ts";

/** A window has no end in its bucket, so it is kept longer than any month. */
const windowSeconds = 40 * 86_400;

// The same arithmetic as the database's take_rates, in one step for each organization.
const lua = `
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1e6
local answers = {}
for i, key in ipairs(KEYS) do
  local a = (i - 1) * 7
  local capacity, per_second = tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2])
  local need, least, ahead = tonumber(ARGV[a + 3]), tonumber(ARGV[a + 4]), tonumber(ARGV[a + 5])
  local correction, floor = tonumber(ARGV[a + 6]), tonumber(ARGV[a + 7])
  local kept = redis.call('HMGET', key, 'level', 'at')
  local level, at = tonumber(kept[1] or '0'), tonumber(kept[2] or '0')
  if at > now then now = at end
  level = math.max(0, level - (now - at) * per_second)
  level = math.max(0, math.max(level, floor) + correction)
  local available = capacity - level + 1e-6
  local granted = 0
  if available >= need then
    granted = need + math.max(0, math.min(ahead, math.floor((available - need) / 8)))
  elseif available >= least then
    granted = math.floor(available)
  end
  level = level + granted
  redis.call('HSET', key, 'level', string.format('%.17g', level), 'at', string.format('%.17g', now))
  redis.call('EXPIRE', key, per_second > 0 and math.ceil(level / per_second) + 60 or ${windowSeconds})
  answers[#answers + 1] = string.format('%.17g', granted)
  answers[#answers + 1] = string.format('%.17g', level)
end
return answers`;

const takeRates = defineScript({
  SCRIPT: lua,
  parseCommand: (parser: CommandParser, keys: string[], numbers: string[]) => {
    parser.pushKeysLength(keys);
    parser.push(...numbers);
  },
  transformReply: (reply: unknown): number[] => (reply as string[]).map(Number),
});

/** The braces keep an organization's buckets on one node of a cluster. */
const keyOf = (organizationId: string, name: string): string => `comptoir:rates:{${organizationId}}:${name}`;

type Client = {
  takeRates: (keys: string[], numbers: string[]) => Promise<number[]>;
  hmGet: (key: string, fields: string[]) => Promise<(string | null)[]>;
  time: () => Promise<Date>;
  close: () => Promise<void>;
};

/** Buckets in Redis; several addresses, separated by commas, are nodes of a cluster. */
export async function openRedisStore(url: string): Promise<Store> {
  const client = await connect(url.split(",").map((part) => part.trim()));
  return {
    take: async (asks) => {
      const grants: Grant[] = [];
      await Promise.all([...byOrganization(asks)].map(([id, group]) => takeGroup(client, id, group, grants)));
      return grants;
    },
    read: async (organizationId, buckets) => {
      const now = (await client.time()).getTime() / 1000;
      return Promise.all(
        buckets.map(async ({ name, perSecond }) => {
          const [level, at] = await client.hmGet(keyOf(organizationId, name), ["level", "at"]);
          return { level: level ? drained(Number(level), perSecond, now - Number(at)) : 0 };
        }),
      );
    },
    close: () => client.close(),
  };
}

type Placed = { ask: BucketRequest; place: number };

function byOrganization(asks: readonly BucketRequest[]): Map<string, Placed[]> {
  const groups = new Map<string, Placed[]>();
  asks.forEach((ask, place) => {
    const group = groups.get(ask.organizationId);
    if (group) group.push({ ask, place });
    else groups.set(ask.organizationId, [{ ask, place }]);
  });
  return groups;
}

async function takeGroup(client: Client, organizationId: string, group: Placed[], grants: Grant[]): Promise<void> {
  const keys = group.map(({ ask }) => keyOf(organizationId, ask.name));
  const numbers = group.flatMap(({ ask }) =>
    [ask.capacity, ask.perSecond, ask.need, ask.least, ask.ahead, ask.correction, ask.floor].map(String),
  );
  const answers = await client.takeRates(keys, numbers);
  group.forEach(({ place }, index) => {
    grants[place] = { granted: answers[2 * index] ?? 0, level: answers[2 * index + 1] ?? 0 };
  });
}

async function connect(urls: string[]): Promise<Client> {
  const scripts = { takeRates };
  // While Redis is away nothing waits for it: requests are refused at once and tried again by the person who sent them.
  const options = { disableOfflineQueue: true, commandOptions: { timeout: 2000 } };
  const [url = "", ...others] = urls;
  if (others.length > 0) {
    const rootNodes = urls.map((url) => ({ url }));
    const cluster = createCluster({ rootNodes, defaults: options, scripts });
    cluster.on("error", (error: unknown) => void logError("limiter.redis", error));
    await cluster.connect();
    const time = async (): Promise<Date> => instant(await cluster.sendCommand(undefined, true, ["TIME"]));
    return {
      takeRates: cluster.takeRates.bind(cluster),
      hmGet: cluster.hmGet.bind(cluster),
      time,
      close: () => cluster.close(),
    };
  }
  const client = createClient({ url, ...options, scripts });
  client.on("error", (error: unknown) => void logError("limiter.redis", error));
  await client.connect();
  const time = async (): Promise<Date> => instant(await client.sendCommand(["TIME"]));
  return {
    takeRates: client.takeRates.bind(client),
    hmGet: client.hmGet.bind(client),
    time,
    close: () => client.close(),
  };
}

function instant(reply: unknown): Date {
  const [seconds = 0, micros = 0] = (reply as string[]).map(Number);
  return new Date(seconds * 1000 + micros / 1000);
}
