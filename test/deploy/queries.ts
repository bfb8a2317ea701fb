import { textOf } from './tool.ts';

type Panel = { readonly title: string; readonly targets: readonly { readonly expr: string }[] };

const { panels }: { readonly panels: readonly Panel[] } = JSON.parse(
  textOf('deploy/grafana/dashboards/keyturn.json'),
);
/** Every panel's queries, each with the panel's title. */
export const queries = panels.flatMap(({ title, targets }) =>
  targets.map(({ expr }) => [title, expr] as const),
);
/** The conditions of all alert rules. */
export const alerts = [
  ...textOf('deploy/alerts.yml').matchAll(/expr: (?:>-\n)?([\s\S]*?)\n +(?:for|labels):/g),
].map(([, expr = '']) => expr.replaceAll(/\s+/g, ' ').trim());
