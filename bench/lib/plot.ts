/** One bar of a chart. */
type Bar = { readonly label: string; readonly value: number };

const ROW = 22;
const LETTER_WIDTH = 6.5;
const BAR_WIDTH = 440;

/** A horizontal bar chart as SVG, its scale ending at the largest value. */
export function barChart({ title, bars }: { title: string; bars: readonly Bar[] }): string {
  const most = Math.max(...bars.map(({ value }) => value));
  const longest = Math.max(...bars.map(({ label }) => label.length));
  const labelWidth = Math.ceil(20 + longest * LETTER_WIDTH);
  const rows = bars.map(({ label, value }, index) => {
    const top = 44 + index * ROW;
    const width = Math.max(1, (value / most) * BAR_WIDTH);
    return [
      `<text x="${labelWidth - 8}" y="${top + 13}" text-anchor="end">${label}</text>`,
      `<rect x="${labelWidth}" y="${top}" width="${width.toFixed(1)}" height="16" fill="#3b6ea5"/>`,
      `<text x="${(labelWidth + width + 6).toFixed(1)}" y="${top + 13}">${value}</text>`,
    ].join('\n');
  });
  const width = labelWidth + BAR_WIDTH + 80;
  const height = 60 + bars.length * ROW;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="12">`,
    '<rect width="100%" height="100%" fill="#fff"/>',
    `<text x="12" y="24" font-size="15">${title}</text>`,
    ...rows,
    '</svg>\n',
  ].join('\n');
}
