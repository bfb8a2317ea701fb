// What packages bring along and the server never runs stays out of its bundle: it would be read, parsed
// and kept in memory all the same (docs/decisions.md, "What the bundle leaves out").
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const { resolve } = createRequire(import.meta.url);

/** Packages whose index loads all that they have, and where what we use of them lies. */
const FRONT_DOORS = {
  undici: {
    Agent: 'undici/lib/dispatcher/agent.js',
  },
  'prom-client': {
    Counter: 'prom-client/lib/counter.js',
    Gauge: 'prom-client/lib/gauge.js',
    Registry: 'prom-client/lib/registry.js',
    collectDefaultMetrics: 'prom-client/lib/defaultMetrics.js',
  },
  'rate-limiter-flexible': {
    RateLimiterMemory: 'rate-limiter-flexible/lib/RateLimiterMemory.js',
    RateLimiterRes: 'rate-limiter-flexible/lib/RateLimiterRes.js',
  },
};

/** Who needs the whole package, and loads it only then. */
const WHOLE = { undici: /\/proxied-(?:fetch|dispatcher)\.ts$/ };

/** By module and what it asks for: what is only there for something that we don't use. */
const LEFT_OUT = [
  // Exemplars.
  [/\/prom-client\/lib\//, '@opentelemetry/api'],
  // Transports in threads of their own: the log is written where it is made.
  [/\/pino\/lib\//, 'thread-stream'],
  // HTTP/2, and forms as bodies: neither is asked of undici's dispatchers.
  [/\/undici\/lib\/dispatcher\/client\.js$/, './client-h2.js'],
  [/\/undici\/lib\/dispatcher\/client-h1\.js$/, '../web/fetch/body.js'],
];

const DOOR = '\0front-door:';
const NOTHING = '\0nothing';
const LAZY_TYPES = '\0lazy-mime-types';

/** For a build of what ships. */
export function lean() {
  return {
    name: 'lean',
    resolveId(id, importer = '') {
      if (Object.hasOwn(FRONT_DOORS, id) && !WHOLE[id]?.test(importer)) {
        return { id: DOOR + id, moduleSideEffects: false };
      }
      if (id === 'mime-types') return LAZY_TYPES;
      return LEFT_OUT.some(([from, what]) => what === id && from.test(importer)) ? NOTHING : null;
    },
    load(id) {
      if (id === NOTHING) return 'module.exports = {};';
      if (id === LAZY_TYPES) return lazyTypes();
      if (id.startsWith(DOOR)) return doorOf(FRONT_DOORS[id.slice(DOOR.length)]);
      return /\/mime-db\/db\.json$/.test(id) ? lookedUp(id) : null;
    },
    transform(code, id) {
      // Instead of Node's: see there.
      if (!/\/node-cron\/dist\/\w+\.js$/.test(id)) return null;
      const intl = fileURLToPath(new URL('utc-intl.ts', import.meta.url));
      return {
        code: `import { utcIntl as Intl } from ${JSON.stringify(intl)}; ${code}`,
        map: null,
      };
    },
  };
}

function doorOf(parts) {
  return Object.entries(parts)
    .map(([name, file]) => `export { default as ${name} } from ${JSON.stringify(resolve(file))};`)
    .join('\n');
}

/**
 * mime-types, without its tables (two megabytes, two thousand types) until somebody asks for what only
 * they know. Answers in JSON name both their type and their characters themselves.
 */
function lazyTypes() {
  return `
    let loaded;
    const tables = () => (loaded ??= require(${JSON.stringify(resolve('mime-types'))}));
    exports.contentType = (type) =>
      typeof type === 'string' && /\\/.*charset/.test(type) ? type : tables().contentType(type);
    for (const name of ['lookup', 'extension', 'charset']) {
      exports[name] = (asked) => tables()[name](asked);
    }`;
}

/** The table of media types, as far as mime-types ever looks at it. */
async function lookedUp(file) {
  const types = Object.entries(JSON.parse(await readFile(file, 'utf8')));
  const kept = types.filter(([, { extensions, charset }]) => extensions || charset);
  return JSON.stringify(
    Object.fromEntries(kept.map(([type, { compressible, ...facts }]) => [type, facts])),
  );
}
