/* What the canvas shows: one custom series of ECharts whose item is the whole scene in layers. */

import { BARS, CLAIMED, DONE, LATE, layersOf, OPEN, tiesOf, wordsOf } from "./wall_bars.js";
import { ticksOf } from "./wall_scale.js";

const [NAME, UNIT, , LAMP, WORST] = [0, 1, 2, 3, 4]; /* of a row, see web/wall/data.py */
export const HEAD = 60;
const LINE = 20; /* height of each of the three lines of the head */
const TODAY = 48; /* half the width of today's label */

/** Colours of the house, as the style sheet has them now. */
function coloursOf(element) {
  const style = getComputedStyle(element);
  const names = ["card", "ink", "ink-quiet", "line", "line-strong", "blue", "blue-deep",
    "blue-tint", "red", "red-tint", "grey-tint", "hatch-line", "on-blue"];
  const colours = Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  return { ...colours, font: style.getPropertyValue("--font").trim() };
}

/** Room a label of 12 pixels takes, with a little air. */
const widthOf = (label) => [...label].reduce((sum, sign) => sum + (sign < "\u00ff" ? 7 : 12), 4);

/** Slanted lines on a ground, as a pattern that fills a shape. */
function hatch(ground, line, gap) {
  const image = document.createElement("canvas");
  image.width = image.height = gap;
  const context = image.getContext("2d");
  context.fillStyle = ground;
  context.fillRect(0, 0, gap, gap);
  context.strokeStyle = line;
  context.lineWidth = 1.5;
  for (const shift of [-gap, 0, gap]) {
    context.moveTo(shift - 1, gap + 1);
    context.lineTo(shift + gap + 1, -1);
  }
  context.stroke();
  return { image, repeat: "repeat" };
}

/** Paths that hold many pieces each: flat lists of numbers, read in steps. */
function registerShapes(graphic) {
  const shape = (name, step, draw) =>
    graphic.registerShape(name, graphic.extendShape({
      shape: { list: [] },
      buildPath(path, { list }) {
        for (let at = 0; at < list.length; at += step) draw(path, list, at);
      },
    }));
  shape("boxes", 4, (path, list, at) => path.rect(list[at], list[at + 1], list[at + 2], list[at + 3]));
  shape("dots", 3, (path, list, at) => {
    path.moveTo(list[at] + list[at + 2], list[at + 1]);
    path.arc(list[at], list[at + 1], list[at + 2], 0, Math.PI * 2);
  });
  shape("ticks", 3, (path, list, at) => {
    const [x, y, size] = [list[at], list[at + 1], list[at + 2]];
    path.moveTo(x - size * 0.5, y);
    path.lineTo(x - size * 0.14, y + size * 0.4);
    path.lineTo(x + size * 0.55, y - size * 0.38);
  });
  shape("diamonds", 3, (path, list, at) => {
    const [x, y, size] = [list[at], list[at + 1], list[at + 2] * 1.25];
    path.moveTo(x, y - size);
    path.lineTo(x + size, y);
    path.lineTo(x, y + size);
    path.lineTo(x - size, y);
    path.closePath();
  });
  shape("bangs", 3, (path, list, at) => {
    const [x, y, size] = [list[at], list[at + 1], list[at + 2]];
    path.moveTo(x, y - size * 0.7);
    path.lineTo(x, y + size * 0.15);
    path.moveTo(x, y + size * 0.45);
    path.lineTo(x, y + size * 0.65);
  });
  shape("strokes", 4, (path, list, at) => {
    path.moveTo(list[at], list[at + 1]);
    path.lineTo(list[at] + list[at + 2], list[at + 1] + list[at + 3]);
  });
}

export class Scene {
  /** `place` tells where rows lie: () => ({ top, row }) in pixels of the canvas. */
  constructor(echarts, element, data, limits, place) {
    registerShapes(echarts.graphic);
    this.graphic = echarts.graphic;
    this.data = data;
    this.place = place;
    this.colours = coloursOf(element);
    const { colours } = this;
    this.hatched = hatch(colours.card, colours.blue, 6);
    this.closed = hatch(colours["grey-tint"], colours.line, 10);
    this.chart = echarts.init(element, null, { renderer: "canvas" });
    this.overlay = new this.graphic.Group({ silent: true });
    this.chart.setOption({
      animation: false,
      grid: { left: 0, right: 0, top: HEAD, bottom: 0 },
      xAxis: { type: "value", min: limits[0], max: limits[1], show: false },
      yAxis: { type: "value", min: 0, max: 1, show: false },
      dataZoom: [{
        type: "inside", filterMode: "none", throttle: 0, minValueSpan: 7,
        startValue: data.window[0], endValue: data.window[1],
        zoomOnMouseWheel: "ctrl", moveOnMouseWheel: "shift", moveOnMouseMove: true,
      }],
      series: [{
        id: "scene", type: "custom", data: [[0, 0]], progressive: 0, clip: false, silent: true,
        renderItem: (params) => this.drawn(params.coordSys),
      }],
    });
    this.chart.getZr().add(this.overlay);
  }

  get view() {
    const { startValue, endValue } = this.chart.getOption().dataZoom[0];
    return [startValue, endValue];
  }

  /** Draw again, with another view where one is given. */
  show([startValue, endValue] = this.view) {
    this.overlay.removeAll();
    this.chart.dispatchAction({ type: "dataZoom", startValue, endValue });
  }

  /** Measures of the picture: where a day and a row lie. */
  measures(system = null) {
    const [from, to] = this.view;
    const width = system?.width ?? this.chart.getWidth();
    const pixels = width / (to - from);
    return {
      ...this.place(),
      x: (day) => (day - from) * pixels,
      dayAt: (x) => from + x / pixels,
      pixels, head: HEAD, left: 0, right: width, bottom: this.chart.getHeight(),
      today: (this.data.day + 0.5 - from) * pixels,
      view: [from, to],
    };
  }

  drawn(system) {
    const at = this.measures(system);
    this.at = at;
    const layers = layersOf(this.data.rows, at);
    this.shown = [layers.first, layers.last];
    const ticks = ticksOf(at.view, at.right);
    /* Layers of a fixed number of paths are kept from picture to picture, texts are made anew. */
    const fresh = (children) => ({ type: "group", $mergeChildren: false, children });
    const kept = (children) => ({ type: "group", children });
    return {
      type: "group",
      children: [
        kept(this.ground(at, layers, ticks)),
        kept(this.bars(layers)),
        fresh(layers.labels.map((one) => this.label(one))),
        kept(this.marks(layers, at)),
        fresh(this.head(at, ticks)),
      ],
    };
  }

  boxes(list, style, type = "boxes") {
    return { type, shape: { list }, style, silent: true };
  }

  ground(at, { first, last }, ticks) {
    const { colours } = this;
    const height = at.bottom - HEAD;
    const bands = this.data.stops.flatMap(([, , begin, end]) =>
      [at.x(begin), HEAD, at.x(end) - at.x(begin), height]);
    const columns = ticks.fine.flatMap(([day]) => [Math.round(at.x(day)) + 0.5, HEAD, 0, height]);
    const lines = [];
    if (at.row > 14) {
      for (let row = first; row <= last; row += 1) {
        lines.push(0, Math.round(at.top + row * at.row) - 0.5, at.right, 0);
      }
    }
    return [
      this.boxes([0, 0, at.right, at.bottom], { fill: colours.card }),
      this.boxes(bands, { fill: this.closed }),
      this.boxes(columns, { stroke: colours.line, lineWidth: 1, fill: null }, "strokes"),
      this.boxes(lines, { stroke: colours.line, lineWidth: 1, fill: null }, "strokes"),
    ];
  }

  bars(layers) {
    const { colours } = this;
    const [done, claimed, late, open] = [DONE, CLAIMED, LATE, OPEN];
    const edged = this.at.row > 14 ? 1 : 0;
    return [
      this.boxes(layers.ghosts, { fill: colours["line-strong"], opacity: 0.75 }),
      this.boxes(layers.tails, { stroke: colours["ink-quiet"], lineWidth: 2, lineDash: [2, 3], fill: null }, "strokes"),
      this.boxes(layers.boxes[open], { fill: edged ? colours["blue-tint"] : colours["line-strong"], stroke: colours["line-strong"], lineWidth: edged }),
      this.boxes(layers.boxes[done], { fill: colours.blue }),
      this.boxes(layers.boxes[claimed], { fill: this.hatched, stroke: colours.blue, lineWidth: edged }),
      this.boxes(layers.overdue, { fill: colours.red, opacity: 0.35 }),
      this.boxes(layers.boxes[late], { fill: colours.red }),
      this.boxes(layers.critical, { fill: colours.ink }),
    ];
  }

  marks(layers, at) {
    const { colours } = this;
    const [done, claimed, late, open] = [DONE, CLAIMED, LATE, OPEN];
    const thin = { fill: null, lineWidth: 1.8 };
    return [
      this.boxes(layers.marks[open], { fill: colours.card, stroke: colours["ink-quiet"], lineWidth: 2 }, "dots"),
      this.boxes(layers.marks[claimed], { fill: this.hatched, stroke: colours.blue, lineWidth: 1.6 }, "dots"),
      this.boxes(layers.marks[done], { fill: colours.blue, stroke: colours.card, lineWidth: 1 }, "dots"),
      this.boxes(layers.marks[done], { ...thin, stroke: colours.card }, "ticks"),
      this.boxes(layers.marks[late], { fill: colours.red, stroke: colours.card, lineWidth: 1 }, "diamonds"),
      this.boxes(layers.marks[late], { ...thin, stroke: colours.card }, "bangs"),
      this.boxes([at.today, HEAD, 0, at.bottom - HEAD], { stroke: colours["blue-deep"], lineWidth: 2, lineDash: [5, 3], fill: null }, "strokes"),
    ];
  }

  text(text, x, y, style = {}) {
    const { colours } = this;
    const font = `${style.weight ?? 400} ${style.size ?? 12}px ${colours.font}`;
    return {
      type: "text", silent: true, x, y,
      style: { text, font, fill: colours.ink, verticalAlign: "middle", ...style },
    };
  }

  label({ x, y, room, name, dark }) {
    const { colours } = this;
    const ink = dark ? { fill: colours["on-blue"] } : { stroke: colours.card, lineWidth: 3 };
    return this.text(this.data.names[name], x, y, {
      width: room, overflow: "truncate", ellipsis: "…", ...ink,
    });
  }

  head(at, ticks) {
    const { colours } = this;
    const marks = (list, y, style = {}) => list.flatMap(([from, to, label]) => {
      const [left, right] = [Math.max(at.x(from), 0), Math.min(at.x(to), at.right)];
      if (right - left < widthOf(label)) return [];
      return [this.text(label, (left + right) / 2, y, { align: "center", ...style })];
    });
    const edges = ticks.coarse.flatMap(([day]) => [at.x(day), 0, 0, LINE])
      .concat(ticks.fine.flatMap(([day]) => [at.x(day), LINE, 0, LINE]));
    return [
      this.boxes([0, 0, at.right, HEAD], { fill: colours["blue-tint"] }),
      this.boxes(edges, { stroke: colours["hatch-line"], lineWidth: 1, fill: null }, "strokes"),
      this.boxes([0, HEAD - 0.5, at.right, 0], { stroke: colours.line, lineWidth: 1, fill: null }, "strokes"),
      ...marks(ticks.coarse, LINE / 2, { weight: 600 }),
      ...marks(ticks.fine, LINE * 1.5, { fill: colours["ink-quiet"] }),
      ...this.stops(at),
      ...this.today(at),
    ];
  }

  stops(at) {
    const { colours } = this;
    return this.data.stops.flatMap(([name, sure, begin, end]) => {
      const left = Math.max(at.x(begin), 0);
      const right = Math.min(at.x(end), at.right);
      const free = at.today > left && at.today - TODAY < right ? at.today - TODAY : right;
      if (right <= left) return [];
      const words = `${name}停工期${sure ? "" : "（待核）"}`;
      const band = this.boxes([left, LINE * 2, right - left, LINE], { fill: this.closed });
      if (free - left < 64) return [band];
      return [
        band,
        this.text(words, left + 6, LINE * 2.5, {
          width: free - left - 10, overflow: "truncate", ellipsis: "…", fill: colours.ink,
          stroke: colours["grey-tint"], lineWidth: 4,
        }),
      ];
    });
  }

  today(at) {
    if (at.today < 0 || at.today > at.right) return [];
    const { colours } = this;
    const date = new Date(this.data.day * 864e5);
    const words = `今天 ${date.getUTCMonth() + 1}月${date.getUTCDate()}日`;
    const x = Math.min(Math.max(at.today, TODAY), at.right - TODAY);
    return [this.text(words, x, LINE * 2.5, {
      align: "center", weight: 600, fill: colours["on-blue"], backgroundColor: colours["blue-deep"],
      padding: [2, 6], borderRadius: 3,
    })];
  }

  /** Put a shape over the picture until the pointer moves on. */
  lay(Shape, shape, style) {
    this.overlay.add(new Shape({ shape, style, z: 100, silent: true }));
  }

  /** Show the links of a row, those of one bar strongest, and what is said of it at a point. */
  point(index, bar, point) {
    this.overlay.removeAll();
    if (index < 0) return;
    const { graphic, colours, at } = this;
    const row = this.data.rows[index];
    const top = at.top + index * at.row;
    const frame = { x: 0.5, y: top, width: at.right - 1, height: at.row };
    this.lay(graphic.Rect, frame, { fill: null, stroke: colours.blue, lineWidth: 1.5 });
    if (at.row > 14) {
      for (const tie of tiesOf(row, top, at)) this.tie(tie, bar < 0 || tie.from === bar || tie.to === bar);
    }
    if (point) this.say(row, bar, point);
  }

  tie({ x1, y1, x2, y2 }, strong) {
    const { graphic, colours } = this;
    const up = Math.min(y1, y2) - 16;
    const shape = { x1, y1: y1 - 4, x2, y2: y2 - 6, cpx1: x1, cpy1: up, cpx2: x2, cpy2: up };
    const style = { stroke: colours["blue-deep"], fill: null, lineWidth: strong ? 2 : 1, opacity: strong ? 1 : 0.35 };
    const arrow = { points: [[x2, y2 - 4], [x2 - 4, y2 - 11], [x2 + 4, y2 - 11]] };
    this.lay(graphic.BezierCurve, shape, style);
    this.lay(graphic.Polygon, arrow, { fill: colours["blue-deep"], opacity: style.opacity });
  }

  say(row, bar, point) {
    const { graphic, colours, at } = this;
    const said = bar < 0 ? null : wordsOf(row[BARS][bar], this.data);
    const lines = [`{name|${row[NAME]}}`, `{quiet|${row[UNIT]} · ${row[LAMP]}}`];
    if (said) {
      lines.push(`{node|${said.name}}{${said.key}| ${said.state} }${said.critical ? "{quiet| 关键}" : ""}`);
      for (const [title, words] of said.lines) lines.push(`{quiet|${title}}  ${words}`);
    } else lines.push(row[WORST]);
    const font = colours.font;
    const text = new graphic.Text({
      z: 101,
      silent: true,
      style: {
        text: lines.join("\n"), font: `13px ${font}`, fill: colours.ink, lineHeight: 21,
        backgroundColor: colours.card, borderColor: colours["line-strong"], borderWidth: 1,
        borderRadius: 6, padding: [8, 12], shadowBlur: 12, shadowColor: "rgba(23,61,125,.2)",
        rich: {
          name: { fontSize: 14, fontWeight: 600, fontFamily: font, fill: colours.ink },
          node: { fontSize: 13, fontWeight: 600, fontFamily: font, fill: colours.ink },
          quiet: { fontSize: 12, fontFamily: font, fill: colours["ink-quiet"] },
          late: { fontSize: 12, fontWeight: 600, fontFamily: font, fill: colours.red },
          done: { fontSize: 12, fontFamily: font, fill: colours.blue },
          claimed: { fontSize: 12, fontFamily: font, fill: colours.blue },
          open: { fontSize: 12, fontFamily: font, fill: colours["ink-quiet"] },
        },
      },
    });
    const { width, height } = text.getBoundingRect();
    text.x = Math.min(point.x + 16, at.right - width - 8);
    const above = Math.max(point.y - height - 12, 4);
    text.y = point.y + 20 + height > at.bottom ? above : point.y + 20;
    this.overlay.add(text);
  }
}
