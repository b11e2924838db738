/** One line of a plot; points are in the units of the axes. */
export interface Series {
  readonly name: string;
  readonly color: string;
  readonly isDashed?: boolean;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Axis {
  readonly label: string;
  readonly isLogarithmic: boolean;
  /** Values with a line of the grid and a text; the axis reaches from the first to the last. */
  readonly ticks: readonly (readonly [value: number, text: string])[];
}

export interface Plot {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
}

const WIDTH = 760;
const HEIGHT = 420;
const BOX = { left: 80, right: 600, top: 50, bottom: 350 } as const;
const LEGEND_STEP = 22;

/** The plot as an SVG document, on white, with the legend to the right. The same plot gives the same text. */
export function plotSvg({ title, x, y, series }: Plot): string {
  const toX = scaleOf(x, BOX.left, BOX.right);
  const toY = scaleOf(y, BOX.bottom, BOX.top);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13" role="img" aria-label="${escaped(title)}">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(BOX.left, 28, title, 'font-size="16" font-weight="bold"'),
    ...x.ticks.flatMap(([value, label]) => [
      line(toX(value), BOX.top, toX(value), BOX.bottom),
      text(toX(value), BOX.bottom + 20, label, 'text-anchor="middle"'),
    ]),
    ...y.ticks.flatMap(([value, label]) => [
      line(BOX.left, toY(value), BOX.right, toY(value)),
      text(BOX.left - 8, toY(value) + 4, label, 'text-anchor="end"'),
    ]),
    text((BOX.left + BOX.right) / 2, HEIGHT - 22, x.label, 'text-anchor="middle"'),
    text(
      0,
      0,
      y.label,
      `text-anchor="middle" transform="translate(20 ${(BOX.top + BOX.bottom) / 2}) rotate(-90)"`,
    ),
    ...series.flatMap((one, index) => seriesMarks(one, index, toX, toY)),
    "</svg>",
    "",
  ].join("\n");
}

function seriesMarks(
  { name, color, isDashed = false, points }: Series,
  index: number,
  toX: (value: number) => number,
  toY: (value: number) => number,
): readonly string[] {
  const dash = isDashed ? ' stroke-dasharray="6 4"' : "";
  const places = points.map(([x, y]) => [toX(x), toY(y)] as const);
  const legendY = BOX.top + 10 + index * LEGEND_STEP;
  return [
    `<polyline fill="none" stroke="${color}" stroke-width="2"${dash} points="${places.map(([x, y]) => `${round(x)},${round(y)}`).join(" ")}"/>`,
    ...places.map(([x, y]) => `<circle cx="${round(x)}" cy="${round(y)}" r="3" fill="${color}"/>`),
    `<line x1="${BOX.right + 14}" y1="${legendY}" x2="${BOX.right + 38}" y2="${legendY}" stroke="${color}" stroke-width="2"${dash}/>`,
    text(BOX.right + 44, legendY + 4, name),
  ];
}

/** Maps the axis' values to pixels; what lies outside of the axis is drawn at its end. */
export function scaleOf(axis: Axis, from: number, to: number): (value: number) => number {
  const measure = (value: number) => (axis.isLogarithmic ? Math.log10(value) : value);
  const values = axis.ticks.map(([value]) => value);
  const [first, last] = [measure(Math.min(...values)), measure(Math.max(...values))];
  return (value) => {
    const share = (measure(value) - first) / (last - first);
    return from + (to - from) * Math.min(1, Math.max(0, share));
  };
}

/** Round values from zero on, at most six, so that the largest of the data lies below the last. */
export function linearTicks(largest: number): readonly (readonly [number, string])[] {
  const rough = largest / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  return Array.from({ length: Math.ceil(largest / step) + 1 }, (_, index) => tick(index * step));
}

/** Powers of ten that enclose the data. */
export function powerTicks(least: number, largest: number): readonly (readonly [number, string])[] {
  const [first, last] = [Math.floor(Math.log10(least)), Math.ceil(Math.log10(largest))];
  return Array.from({ length: Math.max(1, last - first) + 1 }, (_, index) => tick(10 ** (first + index)));
}

function tick(value: number): readonly [number, string] {
  const written = Number(value.toPrecision(12));
  return [written, written.toLocaleString("en-US")];
}

function line(x1: number, y1: number, x2: number, y2: number): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="#ddd"/>`;
}

function text(x: number, y: number, content: string, attributes = ""): string {
  return `<text x="${round(x)}" y="${round(y)}" fill="#222"${attributes === "" ? "" : ` ${attributes}`}>${escaped(content)}</text>`;
}

function round(value: number): number {
  return Number(value.toFixed(1));
}

function escaped(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
