/** A command that isn't run as it stands, and what is done instead. */
type Exception = {
  /** How it begins. */
  readonly command: string;
  readonly why: string;
  /** A file that runs it, or what it does; it holds `says`. */
  readonly instead: { readonly file: string; readonly says: string };
};

/** The whole list: what is not in it is run. */
export const exceptions: readonly Exception[] = [
  {
    command: 'npm ci && npm start',
    why: 'runs until it is stopped',
    instead: { file: 'test/docs/first-steps.test.ts', says: "'start'" },
  },
  {
    command: 'npm ci',
    why: 'a fresh install takes the registry and a minute',
    instead: { file: '.ci/run', says: 'npm ci ' },
  },
  {
    command: 'npm test',
    why: 'is this suite',
    instead: { file: '.ci/run', says: 'suite' },
  },
  {
    command: 'npm run test:ui',
    why: 'wants a browser',
    instead: { file: '.ci/run', says: 'test:ui' },
  },
  {
    command: 'npm run check',
    why: 'installs its tools first',
    instead: { file: '.ci/run', says: 'npm run check' },
  },
  {
    command: 'npm run lab',
    why: 'runs until it is stopped',
    instead: { file: 'test/docs/first-steps.test.ts', says: "'lab'" },
  },
  {
    command: 'npm run model -- pull',
    why: 'downloads hundreds of megabytes',
    instead: { file: 'test/cli/model-pull.test.ts', says: "'model', 'pull'" },
  },
  {
    command: 'npm run model -- check smollm2-135m',
    why: 'wants the downloaded model',
    instead: { file: 'test/cli/model.test.ts', says: "'check'" },
  },
  {
    command: 'npm run model -- use smollm2-135m',
    why: 'wants the downloaded model',
    instead: { file: 'test/cli/model.test.ts', says: "'use'" },
  },
  {
    command: 'npm run model -- remove smollm2-135m',
    why: 'wants the downloaded model',
    instead: { file: 'test/cli/model.test.ts', says: "'remove'" },
  },
  {
    command: 'OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318',
    why: 'runs until it is stopped',
    instead: { file: 'test/support/traced-cloud.ts', says: 'OTEL_EXPORTER_OTLP_ENDPOINT' },
  },
  {
    command: 'docker ',
    why: 'no base image can be had where the tests run',
    instead: { file: 'test/deploy/files.test.ts', says: "describe('the Dockerfile'" },
  },
  {
    command: 'sudo ',
    why: 'changes the machine, and wants systemd as its first process',
    instead: { file: 'test/docs/systemd.test.ts', says: 'docs/deploy-systemd.md' },
  },
  {
    command: 'printf ',
    why: 'writes to /etc',
    instead: { file: 'test/docs/systemd.test.ts', says: 'docs/deploy-systemd.md' },
  },
  {
    command: 'journalctl ',
    why: 'wants systemd as its first process',
    instead: { file: 'test/docs/systemd.test.ts', says: 'docs/deploy-systemd.md' },
  },
  {
    command: 'PYTHON=/usr/bin/python3 ./build.sh',
    why: 'trains for more than an hour',
    instead: { file: 'models/lifeboat/smoke.py', says: 'train' },
  },
  {
    command: 'keyturn chat',
    why: 'wants a terminal',
    instead: { file: 'test/cli/chat.test.ts', says: "inTerminal(['chat'" },
  },
  {
    command: 'keyturn serve',
    why: 'runs until it is stopped',
    instead: { file: 'test/docs/first-steps.test.ts', says: "'serve'" },
  },
];

/** Commands that end otherwise than with 0, as their page says. */
export const endings: readonly {
  readonly command: string;
  readonly exit: number;
  readonly says: RegExp;
}[] = [
  { command: 'curl -s $URL/v1/embeddings', exit: 22, says: /not_supported/ },
  // It goes on until somebody leaves: curl is told to after some seconds.
  { command: 'curl -sN $URL/api/live', exit: 28, says: /^event: /m },
];

/** The exception that holds for a command. */
export function exceptionFor(command: string): Exception | undefined {
  return exceptions.find((exception) => command.startsWith(exception.command));
}
