/* The map of projects: ECharts on the outline; the same projects stand in the table below it,
   under the number that their mark bears. Where there is no room for names, numbers stand alone.

   Colour, shape and word say the lamp. On the page that locates a project a tap fills the form. */

const chart = document.querySelector("[data-map]");
const SYMBOLS = { red: "diamond", amber: "triangle", green: "circle", unrated: "emptyCircle" };

/** Value of a token of the style sheet, so that the map follows the page and the wall. */
function token(name) {
  return getComputedStyle(document.body).getPropertyValue(name).trim();
}

const ROOM_FOR_NAMES = 600;
const MOST_NAMES = 30;
// A4 across without its margins, and the height that print gives it.
const PAPER = { width: 1000, height: 490 };

const RINGS = 16;
const SIDES = 24;
const NEAR = 7;
const GAP = 6;
const CELL = 6;
const MOST_BENDS = 8000;

/** Boxes that lie on one another, or side by side without a pixel between them. */
const meet = (one, other) =>
  one.x < other.x + other.width + 1 && other.x < one.x + one.width + 1 &&
  one.y < other.y + other.height + 1 && other.y < one.y + one.height + 1;

/** Cells of the picture through which lines pass, each line a list of places on it. */
function crossed(lines) {
  const cells = new Set();
  for (const line of lines) {
    line.slice(1).forEach(([x, y], at) => {
      const [fromX, fromY] = line[at];
      const steps = Math.max(1, Math.ceil(Math.hypot(x - fromX, y - fromY) / CELL));
      for (let step = 0; step <= steps; step += 1) {
        const [atX, atY] = [fromX + ((x - fromX) * step) / steps, fromY + ((y - fromY) * step) / steps];
        cells.add(`${Math.floor(atX / CELL)},${Math.floor(atY / CELL)}`);
      }
    });
  }
  return cells;
}

function crosses(cells, { x, y, width, height }) {
  for (let column = Math.floor(x / CELL); column <= Math.floor((x + width) / CELL); column += 1) {
    for (let row = Math.floor(y / CELL); row <= Math.floor((y + height) / CELL); row += 1) {
      if (cells.has(`${column},${row}`)) return true;
    }
  }
  return false;
}

/** Places for a label around its mark, the nearest first, each with how far out it lies. */
function* places(rect, { width, height }, rings) {
  const [x, y] = [rect.x + rect.width / 2, rect.y + rect.height / 2];
  for (let ring = 0; ring < rings; ring += 1) {
    for (let side = 0; side < SIDES; side += 1) {
      const turn = (2 * Math.PI * side) / SIDES;
      const away = rect.width / 2 + GAP + ring * height;
      yield {
        ring,
        x: x + Math.cos(turn) * (away + width / 2) - width / 2,
        y: y + Math.sin(turn) * (away + height / 2) - height / 2,
        width,
        height,
      };
    }
  }
}

/** From the middle of a mark to the nearest place of a label that lies afar. */
function leading(rect, box) {
  const [x, y] = [rect.x + rect.width / 2, rect.y + rect.height / 2];
  const end = [Math.min(Math.max(x, box.x), box.x + box.width), Math.min(Math.max(y, box.y), box.y + box.height)];
  return [[x, y], end];
}

/** Places for the name of an area: its middle, then a little above and below. */
function* middles(rect, { width, height }) {
  const [x, y] = [rect.x + rect.width / 2 - width / 2, rect.y + rect.height / 2 - height / 2];
  for (const rows of [0, -1, 1, -2, 2]) yield { x, y: y + rows * height, width, height };
}

/** Lay each label at the nearest free place around its mark, beside the outline where there is one.

    Names of areas are laid first, where no mark is, and left out where there is no room. Labels lie
    on no mark and on no other, and where there is room lines to them on no label. */
function spread(marks, lines, afar, areas) {
  let taken = [];
  let outline = new Set();
  let lead = new Set();
  const free = (box) => !taken.some((other) => meet(box, other));
  const clear = (rect, box) => {
    if (crosses(outline, box) || crosses(lead, box)) return false;
    if (box.ring === 0) return true;
    const way = crossed([leading(rect, box)]);
    return !taken.some((other) => !meet(other, rect) && crosses(way, other));
  };
  const first = (rect, labelRect, rings, fits) => {
    for (const box of places(rect, labelRect, rings)) if (fits(box)) return box;
    return null;
  };
  const begin = () => { [taken, outline, lead] = [marks(), crossed(lines()), new Set()]; };
  const laid = (found) => {
    if (!found) return { hideOverlap: true };
    taken.push(found);
    return { x: found.x, y: found.y, align: "left", verticalAlign: "top" };
  };
  const area = ({ dataIndex, labelRect, rect }) => {
    if (dataIndex === 0) begin();
    return laid([...middles(rect, labelRect)].find(free));
  };
  const project = ({ dataIndex, labelRect, rect }) => {
    if (dataIndex === 0 && !areas()) begin();
    const found = first(rect, labelRect, NEAR, (box) => free(box) && clear(rect, box))
      ?? first(rect, labelRect, RINGS, (box) => free(box) && !crosses(outline, box))
      ?? first(rect, labelRect, RINGS, free);
    afar[dataIndex] = found?.ring > 0;
    if (afar[dataIndex]) crossed([leading(rect, found)]).forEach((cell) => lead.add(cell));
    return laid(found);
  };
  return { area, project };
}

/** Middle of an area, that of its largest ring. */
function middle(polygons) {
  const rings = polygons.map(([outer]) => {
    let [area, x, y] = [0, 0, 0];
    // From the first corner, so that nothing is lost between large and nearly equal figures.
    const [[fromX, fromY]] = outer;
    outer.slice(1).forEach(([toX, toY], at) => {
      const [ax, ay, bx, by] = [outer[at][0] - fromX, outer[at][1] - fromY, toX - fromX, toY - fromY];
      const twice = ax * by - bx * ay;
      [area, x, y] = [area + twice, x + (ax + bx) * twice, y + (ay + by) * twice];
    });
    return { area: Math.abs(area), at: area ? [fromX + x / area / 3, fromY + y / area / 3] : outer[0] };
  });
  return rings.reduce((most, ring) => (ring.area > most.area ? ring : most)).at;
}

/** Number and name; the place just tapped has no number. */
const labelled = (named) => ({ data: { number, name } }) => {
  if (number === undefined) return name;
  return named ? `${number} ${name}` : `${number}`;
};

function option(points, size, named, areas, layout, afar) {
  const colours = { red: token("--red"), amber: token("--amber"), green: token("--green"), unrated: token("--ink-quiet") };
  return {
    animation: false,
    textStyle: { fontFamily: token("--font") },
    tooltip: {
      renderMode: "richText",
      formatter: ({ data, name }) => (data?.href ? `${data.name}\n${data.lamp}　${data.unit}` : name),
    },
    geo: {
      map: "district",
      roam: true,
      scaleLimit: { min: 0.8, max: 20 },
      itemStyle: { areaColor: token("--blue-tint"), borderColor: token("--blue"), borderWidth: 1.5 },
      label: { show: false },
      emphasis: { disabled: true },
      select: { disabled: true },
    },
    series: [{
      id: "areas",
      type: "scatter",
      coordinateSystem: "geo",
      silent: true,
      z: 1,
      symbolSize: 1,
      // Unseen, but not by its opacity: the name would take that, too.
      itemStyle: { color: "transparent" },
      label: { show: true, position: "inside", formatter: "{b}", color: token("--ink-quiet"), fontSize: size },
      labelLayout: layout.area,
      data: areas,
    }, {
      id: "projects",
      type: "scatter",
      coordinateSystem: "geo",
      symbolSize: size + 2,
      label: { show: true, position: "right", formatter: labelled(named), color: token("--ink"), fontSize: size, textBorderColor: token("--card"), textBorderWidth: 3 },
      labelLayout: layout.project,
      labelLine: { show: true, length2: 0, lineStyle: { color: token("--ink-quiet") } },
      data: points.map((point, at) => ({
        ...point,
        value: point.at,
        symbol: SYMBOLS[point.tone] ?? "circle",
        // A label beside its mark needs no line, which would cut it.
        labelLine: { show: afar[at] ?? false },
        itemStyle: { color: colours[point.tone] ?? colours.unrated, borderColor: colours[point.tone] ?? colours.unrated },
      })),
    }],
  };
}

/** The place in the form is marked; a tap on the map writes another one into it. */
function pick(drawn) {
  const [longitude, latitude] = ["id_longitude", "id_latitude"].map((id) => document.getElementById(id));
  const mark = () => {
    const [x, y] = [longitude, latitude].map(({ value }) => Number.parseFloat(value));
    const data = Number.isFinite(x) && Number.isFinite(y)
      ? [{ name: "此处", value: [x, y], symbol: "pin", symbolSize: 28, itemStyle: { color: token("--blue") } }] : [];
    drawn.setOption({ series: [{ id: "projects", data }] });
  };
  drawn.getZr().on("click", (event) => {
    const [x, y] = drawn.convertFromPixel("geo", [event.offsetX, event.offsetY]);
    longitude.value = x.toFixed(6);
    latitude.value = y.toFixed(6);
    mark();
  });
  [longitude, latitude].forEach((field) => field.addEventListener("change", mark));
  mark();
}

async function hang() {
  const [echarts, answer] = await Promise.all([import(chart.dataset.engine), fetch(chart.dataset.outline)]);
  if (!answer.ok) return;
  const outline = await answer.json();
  echarts.registerMap("district", outline);
  const told = document.getElementById("map-points");
  const drawn = echarts.init(chart, null, { renderer: "canvas" });
  const size = document.body.classList.contains("screen") ? 28 : 12;
  const points = told ? JSON.parse(told.textContent) : [];
  const named = () => chart.clientWidth >= ROOM_FOR_NAMES && points.length <= MOST_NAMES;
  const marks = () => points.map(({ at }) => {
    const [x, y] = drawn.convertToPixel("geo", at);
    return { x: x - size / 2, y: y - size / 2, width: size, height: size };
  });
  const rings = (outline.features ?? []).flatMap(({ geometry }) => geometry.coordinates.flat());
  const bends = rings.reduce((sum, ring) => sum + ring.length, 0);
  // Of an outline drawn too finely every so manieth bend tells where it runs.
  const every = Math.ceil(bends / MOST_BENDS) || 1;
  const lines = () => rings.map((ring) => ring
    .filter((_, at) => at % every === 0 || at === ring.length - 1)
    .map((at) => drawn.convertToPixel("geo", at)));
  const called = (outline.features ?? [])
    .filter(({ properties, geometry }) => properties.name && geometry.coordinates.length)
    .map(({ properties, geometry }) => ({ name: properties.name, value: middle(geometry.coordinates) }));
  // The one area of a district is no news; where names of projects have no room, areas have none.
  const areas = () => (named() && (outline.features?.length ?? 1) > 1 ? called : []);
  const afar = [];
  const layout = spread(marks, lines, afar, () => areas().length > 0);
  const paint = () => drawn.setOption(option(points, size, named(), areas(), layout, afar));
  // Only a picture tells which labels lie afar; the one after it draws the lines to them.
  const draw = () => { paint(); paint(); };
  draw();
  drawn.on("georoam", paint);
  if ("picks" in chart.dataset) pick(drawn);
  else drawn.on("click", ({ data }) => { if (data?.href) location.assign(data.href); });
  let wide = named();
  new ResizeObserver(() => {
    // Of a map without room nothing can be placed.
    if (!chart.clientWidth || !chart.clientHeight) return;
    drawn.resize();
    if (named() === wide) return;
    wide = named();
    draw();
  }).observe(chart);
  addEventListener("beforeprint", () => { drawn.resize(PAPER); draw(); drawn.getZr().flush(); });
  addEventListener("afterprint", () => { drawn.resize({ width: "auto", height: "auto" }); draw(); });
  chart.dataset.ready = "";
}

if (chart) {
  hang().catch((failure) => {
    /* the table below has it all; the reason is for who looks into it */
    console.error("map", failure);
    chart.hidden = true;
  });
}
