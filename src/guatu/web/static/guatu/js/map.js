/* The map of projects: ECharts on the outline; the same projects stand in the table below it.

   Colour, shape and word say the lamp. On the page that locates a project a tap fills the form. */

const chart = document.querySelector("[data-map]");
const SYMBOLS = { red: "diamond", amber: "triangle", green: "circle", unrated: "emptyCircle" };

/** Value of a token of the style sheet, so that the map follows the page and the wall. */
function token(name) {
  return getComputedStyle(document.body).getPropertyValue(name).trim();
}

function option(points, size) {
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
      label: { show: true, color: token("--ink-quiet"), fontSize: size },
      emphasis: { disabled: true },
      select: { disabled: true },
    },
    series: [{
      type: "scatter",
      coordinateSystem: "geo",
      symbolSize: size + 2,
      label: { show: true, position: "right", formatter: "{b}", color: token("--ink"), fontSize: size, textBorderColor: token("--card"), textBorderWidth: 3 },
      labelLayout: { hideOverlap: true },
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
  echarts.registerMap("district", await answer.json());
  const told = document.getElementById("map-points");
  const drawn = echarts.init(chart, null, { renderer: "canvas" });
  const size = document.body.classList.contains("screen") ? 28 : 12;
  drawn.setOption(option(told ? JSON.parse(told.textContent) : [], size));
  if ("picks" in chart.dataset) pick(drawn);
  else drawn.on("click", ({ data }) => { if (data?.href) location.assign(data.href); });
  new ResizeObserver(() => drawn.resize()).observe(chart);
  chart.dataset.ready = "";
}

if (chart) {
  hang().catch((failure) => {
    /* the table below has it all; the reason is for who looks into it */
    console.error("map", failure);
    chart.hidden = true;
  });
}
