// Charts: draws the Vega-Lite specification inside of each `figure.chart` into its `.canvas`.
//
// A specification is data that the server wrote. Colours are names of CSS variables ("var(--c1)"), so that charts follow
// light and dark; `"width": "container"` fills the figure. Expressions run in Vega's interpreter, since the policy of
// the page lets nothing be evaluated. A datum may have `href`, where a click on its mark leads. Charts over time have
// `usermeta.dates` instead: an address that takes a `period` as `since` and `until`, and where one can draw over several
// the name of that selection as `brush`. It makes no request but for data that a specification names, and shows texts
// as texts alone.
const { vega, vegaLite } = window;
const VARIABLE = /^var\((--[\w-]+)\)$/;
const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';
const drawn = new Map(); // of each figure: the view and the width it was drawn for

function resolve(value, style) {
  if (typeof value === "string") {
    const named = VARIABLE.exec(value);
    return named ? style.getPropertyValue(named[1]).trim() : value;
  }
  if (Array.isArray(value)) return value.map((one) => resolve(one, style));
  if (value === null || typeof value !== "object") return value;
  const told = Object.entries(value).map(([name, one]) => [name, name === "values" ? one : resolve(one, style)]);
  return Object.fromEntries(told);
}

function theme(style) {
  const colour = (name) => style.getPropertyValue(name).trim();
  const words = { labelColor: colour("--soft"), titleColor: colour("--soft"), labelFontSize: 12, titleFontSize: 12 };
  return {
    aria: false,
    background: null,
    font: FONT,
    view: { stroke: null },
    axis: { ...words, titleFontWeight: "normal", gridColor: colour("--line"), domainColor: colour("--line"), tickColor: colour("--line") },
    legend: { ...words, labelColor: colour("--ink"), labelLimit: 320, symbolSize: 110 },
    text: { color: colour("--ink") },
  };
}

function fitted(spec, width) {
  if (spec.width !== "container") return spec;
  const ratio = spec.usermeta?.ratio; // of the height
  if (ratio) return { ...spec, width, height: Math.round(width * ratio), padding: 0 };
  return { ...spec, width, autosize: { type: "fit-x", contains: "padding" } };
}

// An address of this site and no other.
function follow(address) {
  const url = new URL(address, location.href);
  if (url.origin === location.origin) location.assign(url);
}

function told(value) {
  if (value === null || value === undefined) return "";
  if (typeof value !== "object") return String(value);
  return Object.entries(value).map(([name, one]) => `${name}: ${one}`).join("\n");
}

const tip = document.createElement("div");
tip.className = "tip";
tip.hidden = true;

function showTip(_handler, event, _item, value) {
  tip.textContent = told(value);
  tip.hidden = !tip.textContent;
  if (tip.hidden) return;
  if (!tip.isConnected) document.body.append(tip);
  const left = Math.min(event.clientX + 12, document.documentElement.clientWidth - tip.offsetWidth - 4);
  const above = event.clientY - tip.offsetHeight - 10;
  tip.style.left = `${Math.max(left, 4)}px`;
  tip.style.top = `${above < 4 ? event.clientY + 16 : above}px`;
}

function followDates(dates, first, last) {
  const url = new URL(dates.href, location.href);
  url.searchParams.set("since", first);
  url.searchParams.set("until", last);
  follow(url);
}

function followBrush(view, dates) {
  let chosen = [];
  view.addSignalListener(dates.brush, (_name, value) => {
    chosen = Object.values(value)[0] ?? [];
  });
  const end = () => {
    if (chosen.length > 1) followDates(dates, chosen[0], chosen[chosen.length - 1]); // of one a click does
  };
  view.addEventListener("pointerdown", () => window.addEventListener("pointerup", () => setTimeout(end), { once: true }));
}

async function draw(figure) {
  const canvas = figure.querySelector(".canvas");
  const style = getComputedStyle(document.documentElement);
  const spec = resolve(JSON.parse(figure.querySelector("script[type='application/json']").textContent), style);
  const dates = spec.usermeta?.dates;
  if (!matchMedia("(pointer: fine)").matches) spec.layer?.forEach((one) => delete one.params); // fingers scroll
  const leads = (datum) => Boolean(datum?.href || (dates && datum?.period));
  drawn.get(figure)?.view?.finalize();
  canvas.style.display = "block"; // an empty one has none, and no width
  const width = canvas.clientWidth;
  drawn.set(figure, { width });
  const compiled = vegaLite.compile(fitted(spec, width), { config: theme(style) }).spec;
  const runtime = vega.parse(compiled, undefined, { ast: true });
  const view = new vega.View(runtime, {
    expr: vega.expressionInterpreter,
    renderer: "svg",
    hover: true,
    tooltip: showTip,
    logLevel: vega.Error,
  });
  drawn.set(figure, { width, view });
  view.addEventListener("click", (_event, item) => {
    const datum = item?.datum;
    if (datum?.href) follow(datum.href);
    else if (leads(datum)) followDates(dates, datum.period, datum.period);
  });
  view.addEventListener("pointermove", (_event, item) => canvas.classList.toggle("leads", leads(item?.datum)));
  if (dates?.brush && spec.layer.some((one) => one.params)) followBrush(view, dates);
  await view.initialize(canvas).runAsync();
  // The canvas is one picture with one name; its parts have roles of Vega's and none.
  for (const part of canvas.querySelectorAll("[role^='graphics-']")) {
    for (const name of ["role", "aria-roledescription", "aria-label"]) part.removeAttribute(name);
  }
  if (canvas.scrollWidth > canvas.clientWidth) canvas.tabIndex = 0;
  figure.dataset.drawn = "true";
}

async function drawOrTell(figure) {
  try {
    await draw(figure);
  } catch (error) {
    console.error("a chart cannot be drawn", error);
    figure.querySelector("details")?.setAttribute("open", "");
  }
}

const figures = [...document.querySelectorAll("figure.chart")];
let waiting;
const widths = new ResizeObserver(() => {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    for (const figure of figures) {
      const known = drawn.get(figure)?.width;
      const width = figure.querySelector(".canvas").clientWidth;
      if (known && width && Math.abs(known - width) > 4) drawOrTell(figure);
    }
  }, 120);
});
// Nobody waits for a chart that is not in sight.
const seen = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting || drawn.has(target)) continue;
      seen.unobserve(target);
      drawOrTell(target);
      widths.observe(target);
    }
  },
  { rootMargin: "200px" },
);
figures.forEach((figure) => seen.observe(figure));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => [...drawn.keys()].forEach(drawOrTell));
