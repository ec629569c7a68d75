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

const RINGS = 16;
const SIDES = 24;

const meet = (one, other) =>
  one.x < other.x + other.width && other.x < one.x + one.width &&
  one.y < other.y + other.height && other.y < one.y + one.height;

/** Lay each label at the nearest free place around its mark; a line leads there from afar. */
function spread(marks) {
  let taken = [];
  return ({ dataIndex, labelRect: { width, height }, rect }) => {
    if (dataIndex === 0) taken = marks();
    const [x, y] = [rect.x + rect.width / 2, rect.y + rect.height / 2];
    for (let ring = 0; ring < RINGS; ring += 1) {
      for (let side = 0; side < SIDES; side += 1) {
        const turn = (2 * Math.PI * side) / SIDES;
        const away = rect.width / 2 + 4 + ring * height;
        const box = {
          x: x + Math.cos(turn) * (away + width / 2) - width / 2,
          y: y + Math.sin(turn) * (away + height / 2) - height / 2,
          width,
          height,
        };
        if (taken.some((other) => meet(box, other))) continue;
        taken.push(box);
        return { x: box.x, y: box.y, align: "left", verticalAlign: "top" };
      }
    }
    return { hideOverlap: true };
  };
}

/** Number and name; the place just tapped has no number. */
const labelled = (named) => ({ data: { number, name } }) => {
  if (number === undefined) return name;
  return named ? `${number} ${name}` : `${number}`;
};

function option(points, size, named, shapes, marks) {
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
      label: { show: named && shapes > 1, color: token("--ink-quiet"), fontSize: size },
      emphasis: { disabled: true },
      select: { disabled: true },
    },
    series: [{
      type: "scatter",
      coordinateSystem: "geo",
      symbolSize: size + 2,
      label: { show: true, position: "right", formatter: labelled(named), color: token("--ink"), fontSize: size, textBorderColor: token("--card"), textBorderWidth: 3 },
      labelLayout: spread(marks),
      labelLine: { show: true, length2: 0, lineStyle: { color: token("--ink-quiet") } },
      data: points.map((point) => ({
        ...point,
        value: point.at,
        symbol: SYMBOLS[point.tone] ?? "circle",
        itemStyle: { color: colours[point.tone] ?? colours.unrated, borderColor: colours[point.tone] ?? colours.unrated },
      })),
    }],
  };
}

/** A tap on the map writes its place into the form and marks it. */
function pick(drawn) {
  const [longitude, latitude] = ["id_longitude", "id_latitude"].map((id) => document.getElementById(id));
  drawn.getZr().on("click", (event) => {
    const [x, y] = drawn.convertFromPixel("geo", [event.offsetX, event.offsetY]);
    longitude.value = x.toFixed(6);
    latitude.value = y.toFixed(6);
    drawn.setOption({ series: [{ data: [{ name: "此处", value: [x, y], symbol: "pin", symbolSize: 28, itemStyle: { color: token("--blue") } }] }] });
  });
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
  const draw = () => drawn.setOption(option(points, size, named(), outline.features?.length ?? 1, marks));
  draw();
  if ("picks" in chart.dataset) pick(drawn);
  else drawn.on("click", ({ data }) => { if (data?.href) location.assign(data.href); });
  let wide = named();
  new ResizeObserver(() => {
    drawn.resize();
    if (named() === wide) return;
    wide = named();
    draw();
  }).observe(chart);
  chart.dataset.ready = "";
}

if (chart) {
  hang().catch((failure) => {
    /* the table below has it all; the reason is for who looks into it */
    console.error("map", failure);
    chart.hidden = true;
  });
}
