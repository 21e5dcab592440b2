/** A dashboard's JSON as a picture: where each widget is, what it is called, and what its legend says. */

export interface Widget {
  readonly type: 'text' | 'metric' | 'alarm';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title?: string;
    readonly markdown?: string;
    readonly view?: string;
    readonly stacked?: boolean;
    readonly metrics?: ReadonlyArray<ReadonlyArray<string | MetricOptions>>;
    readonly alarms?: readonly string[];
    readonly yAxis?: { readonly left?: { readonly label?: string } };
    readonly annotations?: { readonly horizontal?: ReadonlyArray<{ readonly label?: string; readonly value: number }> };
  };
}

interface MetricOptions {
  readonly label?: string;
  readonly visible?: boolean;
  readonly color?: string;
}

const COLUMN = 60;
const ROW = 40;
const GAP = 4;
/** CloudWatch's own, for metrics without one. */
const COLORS = ['#1f77b4', '#ff7f0e', '#2ca02c', '#d62728', '#9467bd', '#8c564b', '#e377c2', '#7f7f7f', '#bcbd22', '#17becf'];

/** What a graph's legend says, in order. */
export function legendOf({ properties: { metrics = [] } }: Widget): Array<{ readonly label: string; readonly color: string }> {
  return metrics.map((metric) => ({ parts: metric, options: metric.find((part) => typeof part === 'object') as MetricOptions | undefined }))
    .filter(({ options }) => options?.visible !== false)
    .map(({ parts, options }, index) => ({ label: options?.label ?? String(parts[1]), color: options?.color ?? COLORS[index % COLORS.length] }));
}

/** SVG. */
export function drawDashboard(widgets: readonly Widget[]): string {
  const height = Math.max(...widgets.map(({ y, height: rows }) => y + rows)) * ROW;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${24 * COLUMN}" height="${height}" font-family="Helvetica, Arial, sans-serif">`,
    `<rect width="${24 * COLUMN}" height="${height}" fill="#f2f3f3"/>`,
    ...widgets.flatMap(drawWidget),
    '</svg>',
    '',
  ].join('\n');
}

function drawWidget(widget: Widget): string[] {
  const { type, properties: { title = '', markdown = '', alarms = [] } } = widget;
  const [left, top] = [widget.x * COLUMN + GAP, widget.y * ROW + GAP];
  const [width, height] = [widget.width * COLUMN - 2 * GAP, widget.height * ROW - 2 * GAP];
  const isHeading = markdown.startsWith('## ');
  const frame = `<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="${isHeading ? 'none' : '#fff'}" stroke="${isHeading ? 'none' : '#d5dbdb'}"/>`;
  if (type === 'text') return [frame, ...textLines(markdown, width).map((text, index) => drawLine(text, left + 10, top + 22 + index * 18))];
  const head = line(title, left + 10, top + 20, 13, 'bold');
  if (type === 'alarm') return [frame, head, line(`${alarms.length} alarms, each with its state`, left + 10, top + 44, 12)];
  const axis = widget.properties.yAxis?.left?.label;
  const bounds = (widget.properties.annotations?.horizontal ?? []).map(({ label, value }) => `${label ?? ''} ${value}`);
  const entries = [...legendOf(widget), ...bounds.map((label) => ({ label: `— ${label}`, color: '#000' }))];
  const columns = widget.properties.view === 'singleValue' ? entries.length : Math.max(1, Math.floor(width / 230));
  const notes = [axis, widget.properties.stacked === true ? 'stacked' : undefined].filter((note) => note !== undefined).join(', ');
  return [
    frame,
    head,
    line(notes, left + 10, top + 38, 11, 'normal', '#687078'),
    ...entries.flatMap(({ label, color }, index) => {
      const [x, y] = [left + 10 + (index % columns) * (width / columns), top + 58 + Math.floor(index / columns) * 17];
      return [`<rect x="${x}" y="${y - 9}" width="10" height="10" fill="${color}"/>`, line(label, x + 15, y, 12)];
    }),
  ];
}

/** Of Markdown, broken where the widget ends. */
function textLines(markdown: string, width: number): string[] {
  const most = Math.floor(width / 6.6);
  return markdown.split('\n').flatMap((text) => {
    const words = text.split(' ');
    const lines = [''];
    for (const word of words) {
      if (lines[lines.length - 1].length + word.length + 1 > most) lines.push(`   ${word}`);
      else lines[lines.length - 1] += `${lines[lines.length - 1] === '' ? '' : ' '}${word}`;
    }
    return lines;
  });
}

function drawLine(text: string, x: number, y: number): string {
  const [, marks] = /^(#+) /.exec(text) ?? [undefined, ''];
  const size = marks.length === 0 ? 12 : 19 - 2 * marks.length;
  return line(text.replace(/^#+ /, '').replace(/\[(.+?)\]\(.+?\)/g, '$1').replace(/[*`]/g, ''), x, y, size, marks.length === 0 ? 'normal' : 'bold');
}

function line(text: string, x: number, y: number, size: number, weight = 'normal', fill = '#16191f'): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${fill}">${escaped}</text>`;
}
